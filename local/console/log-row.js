// One line of a log: a summary that opens to the whole of it.

import { el } from '/_console/dom.js';
import { clockMs, dashed } from '/_console/format.js';

// Which request a line belongs to, by the best name for it that the line has.
function request(whole) {
  const span = whole?.span ?? {};
  return span.trace_id ?? span.xrayTraceId ?? span.requestId;
}

export function logRow([at, name, level, message, whole], follow) {
  const summary = el('summary', {},
    el('time', {}, clockMs(at)),
    el('span', { class: 'where' }, dashed(String(name ?? ''))),
    el('b', { 'data-level': level }, level ?? ''),
    el('span', { class: 'words' }, message ?? ''));
  const details = el('details', {}, summary);
  // Most lines are never opened: what they hold is made when one is.
  details.addEventListener('toggle', () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(el('pre', { tabindex: 0, 'aria-label': 'Whole line' }, typeof whole === 'string' ? whole : JSON.stringify(whole ?? message, null, 1)));
    const id = request(whole);
    if (id) details.append(el('button', { type: 'button', onclick: () => follow(String(id)) }, 'Follow this request'));
  });
  return el('li', {}, details);
}

// A raw line of a file in the form that the feed has.
export function parsed({ function: name, line }) {
  try {
    const whole = JSON.parse(line);
    const message = whole.message ?? whole.fields?.message ?? (whole._aws ? 'metrics' : line);
    return [Date.parse(whole.timestamp ?? '') || whole._aws?.Timestamp, name, whole.level ?? '', message, whole];
  } catch {
    return [NaN, name, '', line, line];
  }
}
