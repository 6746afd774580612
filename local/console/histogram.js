// How long the invocations of each function took, since the stack began.

import { byId, el, say } from '/_console/dom.js';
import { count, dashed, ms } from '/_console/format.js';
import { colour, describe, functionColour, inOrder, prepare } from '/_console/canvas.js';
import { percentile } from '/_console/state.js';

export function histograms() {
  const rows = new Map();
  return (state, isSeen) => {
    for (const one of inOrder(state)) {
      if (!rows.has(one.name)) rows.set(one.name, build(one.name));
      draw(rows.get(one.name), one, state, isSeen);
    }
  };
}

function build(name) {
  const canvas = el('canvas', { role: 'img', class: 'plot' });
  const facts = el('p', { class: 'quiet' });
  const swatch = el('i', { class: `swatch ${functionColour(name)}` });
  byId('histograms').append(el('div', { class: 'histogram' }, el('div', {}, el('h3', {}, swatch, dashed(name)), facts), canvas));
  return { canvas, facts };
}

function draw({ canvas, facts }, one, state, isSeen) {
  const [p50, p99] = [0.5, 0.99].map((share) => percentile(state, one.histogram, share));
  const middle = `p50 ${ms(p50)} · p99 ${ms(p99)}`;
  say(facts, `${middle}\n${count(one.invocations ?? 0)} calls · ${count(one.cold_starts ?? 0)} cold`);
  describe(canvas, () => `${dashed(one.name)}: ${count(one.invocations ?? 0)} invocations, p50 ${ms(p50)}, p99 ${ms(p99)}, ${count(one.cold_starts ?? 0)} cold starts`);
  if (isSeen && state.buckets) drawBars(canvas, one, state.buckets, [p50, p99]);
}

function drawBars(canvas, one, { least_ms: least, per_doubling: per, count: many }, marks) {
  const { context, width, height } = prepare(canvas);
  const counts = one.histogram ?? [];
  const floor = height - 14;
  const bar = width / many;
  const x = (took) => Math.log2(took / least) * per * bar;
  drawAxis(context, { x, floor, width });
  // A square root keeps a tail of few visible beside a peak of thousands.
  const most = Math.sqrt(Math.max(1, ...counts));
  context.fillStyle = colour(functionColour(one.name));
  counts.forEach((value, at) => {
    if (!value) return;
    const high = Math.max(1.5, (Math.sqrt(value) / most) * (floor - 3));
    context.fillRect(at * bar + 0.5, floor - high, Math.max(1, bar - 1), high);
  });
  context.strokeStyle = colour('text');
  context.lineWidth = 1;
  marks.forEach((took, at) => {
    if (took == null) return;
    context.setLineDash(at ? [2, 2] : []);
    context.beginPath();
    context.moveTo(Math.round(x(took)) + 0.5, 0);
    context.lineTo(Math.round(x(took)) + 0.5, floor);
    context.stroke();
  });
  context.setLineDash([]);
}

function drawAxis(context, { x, floor, width }) {
  context.strokeStyle = colour('grid');
  context.fillStyle = colour('quiet');
  context.textBaseline = 'top';
  context.textAlign = 'left';
  context.font = '10px system-ui, sans-serif';
  context.beginPath();
  context.moveTo(0, floor + 0.5);
  context.lineTo(width, floor + 0.5);
  context.stroke();
  const every = x(10) - x(1) < 46 ? 2 : 1;
  for (let decade = 0; decade <= 4; decade += every) {
    const took = 10 ** decade;
    const at = Math.round(x(took)) + 0.5;
    if (at > width - 24) continue;
    context.beginPath();
    context.moveTo(at, 0);
    context.lineTo(at, floor + 4);
    context.stroke();
    context.fillText(ms(took), at + 3, floor + 3);
  }
}
