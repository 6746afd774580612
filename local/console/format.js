// Numbers and times as people read them. All clocks are UTC, as in the logs.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const brief = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const NONE = '–';

const known = (value) => typeof value === 'number' && Number.isFinite(value);

export function count(value) {
  return known(value) ? whole.format(value) : NONE;
}

// Short enough for a picture: 12,345 stays, 1,234,567 is 1.2M.
export function short(value) {
  if (!known(value)) return NONE;
  return value < 100000 ? whole.format(value) : brief.format(value);
}

export function rate(value) {
  if (!known(value)) return '0';
  if (value > 0 && value < 0.05) return '<0.1';
  return value < 100 ? oneDigit.format(value) : short(Math.round(value));
}

export function ratio(part, of) {
  return part > 0 && of > 0 ? oneDigit.format(part / of) : NONE;
}

export function percent(share) {
  return known(share) ? `${oneDigit.format(share * 100)} %` : NONE;
}

export function ms(value) {
  if (!known(value)) return NONE;
  const size = Math.abs(value);
  if (size >= 60000) return duration(value);
  if (size >= 1000) return `${oneDigit.format(value / 1000)} s`;
  if (size >= 10 || Number.isInteger(value)) return `${whole.format(value)} ms`;
  return `${size >= 1 ? value.toFixed(1) : value.toFixed(2)} ms`;
}

export function bytes(value) {
  if (!known(value)) return NONE;
  const steps = ['B', 'KB', 'MB', 'GB'];
  let step = 0;
  while (value >= 1000 && step < steps.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${value < 10 && step ? value.toFixed(1) : Math.round(value)} ${steps[step]}`;
}

export function duration(span) {
  if (!known(span)) return NONE;
  const seconds = Math.max(0, Math.floor(span / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours) return `${hours} h ${minutes} min`;
  if (minutes) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return `${seconds} s`;
}

export function clock(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? NONE : date.toISOString().slice(11, 19);
}

export function clockMs(at) {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? NONE : date.toISOString().slice(11, 23);
}

// TraceIngest as its crate and its folder are called: trace-ingest.
export function dashed(name) {
  return name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
