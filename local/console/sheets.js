// The newest run sheets, each a small picture of its route.

import { byId, el, svg } from '/_console/dom.js';
import { clock, count, duration, ms, percent } from '/_console/format.js';

const [WIDTH, HEIGHT, EDGE] = [280, 140, 16];
const MOST_TOLD = 3;

export function sheets() {
  const list = byId('sheet-list');
  let drawn = null;
  return (state) => {
    if (drawn === state.sheets) return;
    drawn = state.sheets;
    const newest = [...state.sheets].reverse().map(card);
    list.replaceChildren(...(newest.length ? newest : [el('p', { class: 'quiet' }, 'No run sheet has been asked for yet.')]));
  };
}

function card(sheet) {
  const steps = sheet.steps ?? [];
  const late = steps.map((step, at) => ({ ...step, at })).filter((step) => step.late_s > 0);
  const proof = sheet.proof === 'optimal' ? 'optimal' : `${sheet.proof ?? 'unproven'}, gap ${percent(sheet.gap ?? 0)}`;
  const long = duration(((steps.at(-1)?.arrival ?? NaN) - (steps[0]?.arrival ?? NaN)) * 1000);
  const facts = `${count(sheet.orders)} orders · route ${long} · found in ${ms(sheet.took_ms)}`;
  const lateness = inWords(late);
  const caption = el('figcaption', {}, el('b', { title: `cost ${count(sheet.cost)}` }, proof), el('span', { class: 'quiet' }, clock(sheet.at)), el('p', {}, facts));
  if (late.length) caption.append(el('p', { class: 'late' }, `late: ${lateness}`));
  return el('figure', { 'data-proof': sheet.proof }, route(steps, `Route of ${steps.length} steps, late: ${lateness || 'none'}`), caption);
}

function inWords(late) {
  const told = late.slice(0, MOST_TOLD).map((step) => `step ${step.at} by ${duration(step.late_s * 1000)}`);
  if (late.length > MOST_TOLD) told.push(`${late.length - MOST_TOLD} more`);
  return told.join(', ');
}

function route(steps, words) {
  const places = placed(steps);
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': words, class: 'route' });
  const line = places.filter(Boolean).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
  picture.append(svg('polyline', { points: line.join(' ') }));
  // Later steps first, so that the beginning of the route is on top.
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    if (places[at]) picture.append(stop(steps[at], at, places[at]));
  }
  return picture;
}

function stop(step, at, { x, y }) {
  const ends = step.type === 'start' || step.type === 'end';
  const late = step.late_s > 0;
  const shape = ends
    ? svg('rect', { x: x - 7, y: y - 7, width: 14, height: 14, rx: 2 })
    : svg('circle', { cx: x, cy: y, r: 8 });
  const number = ends ? step.type[0].toUpperCase() : `${at}${late ? '!' : ''}`;
  const title = svg('title', {}, `${at}: ${step.type}${step.id == null ? '' : ` of order ${step.id}`}${late ? `, late by ${duration(step.late_s * 1000)}` : ''}`);
  return svg('g', { 'data-step': step.type, 'data-late': String(late) }, title, shape, svg('text', { x, y: y + 3.2, 'text-anchor': 'middle' }, number));
}

// On the ground, without those whose place is not known; if that is most of
// them, in a row.
function placed(steps) {
  const known = steps.filter(({ lat, lon }) => lat != null && lon != null);
  if (known.length * 2 <= steps.length) return inRow(steps.length);
  const squeeze = Math.cos((known[0].lat * Math.PI) / 180);
  const flat = ({ lat, lon }) => ({ x: lon * squeeze, y: -lat });
  const range = (key) => [Math.min(...known.map((one) => flat(one)[key])), Math.max(...known.map((one) => flat(one)[key]))];
  const [[west, east], [north, south]] = [range('x'), range('y')];
  const scale = Math.min((WIDTH - 2 * EDGE) / (east - west || 1e-9), (HEIGHT - 2 * EDGE) / (south - north || 1e-9), 1e7);
  return steps.map((step) => known.includes(step) && {
    x: WIDTH / 2 + (flat(step).x - (west + east) / 2) * scale,
    y: HEIGHT / 2 + (flat(step).y - (north + south) / 2) * scale,
  });
}

function inRow(many) {
  const gap = many > 1 ? (WIDTH - 2 * EDGE) / (many - 1) : 0;
  return Array.from({ length: many }, (_, at) => ({ x: EDGE + at * gap, y: HEIGHT / 2 + (at % 2 ? 16 : -16) }));
}
