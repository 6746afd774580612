// Each invocation of the last minute as a point: when, and how long it took.

import { byId, el, mark } from '/_console/dom.js';
import { dashed, ms } from '/_console/format.js';
import { colour, describe, functionColour, inOrder, prepare } from '/_console/canvas.js';

const SPAN_MS = 60000;
const LEFT = 46;
const BOTTOM = 20;
const [COLD, FAILED] = [1, 2];

export function scatter(redraw) {
  const canvas = byId('scatter');
  mark(canvas, 'role', 'img');
  const shown = new Map();
  return (state, isSeen) => {
    const names = inOrder(state).map(({ name }) => name);
    for (const name of names) if (!shown.has(name)) shown.set(name, toggle(name, redraw));
    const series = names
      .filter((name) => shown.get(name).checked)
      .map((name) => ({ name, points: (state.answers.get(name) ?? []).filter(([at]) => at > state.at - SPAN_MS) }));
    if (isSeen) draw(canvas, series, state.at);
    describe(canvas, () => words(series));
  };
}

function toggle(name, redraw) {
  const box = el('input', { type: 'checkbox', checked: true, onchange: redraw });
  const swatch = el('i', { class: `swatch ${functionColour(name)}` });
  byId('toggles').append(el('label', {}, box, swatch, dashed(name)));
  return box;
}

function draw(canvas, series, now) {
  const { context, width, height } = prepare(canvas);
  const [least, most] = decades(series);
  const floor = height - BOTTOM;
  const x = (at) => LEFT + (width - LEFT - 8) * (1 - (now - at) / SPAN_MS);
  const y = (took) => floor - 6 - (floor - 14) * ((Math.log10(Math.max(took, 10 ** least)) - least) / (most - least));
  drawGrid(context, { least, most, x, y, now, width, floor });
  for (const { name, points } of series) {
    context.fillStyle = context.strokeStyle = colour(functionColour(name));
    context.lineWidth = 1.5;
    for (const [at, took, kind] of points) drawPoint(context, x(at), y(took), kind);
  }
}

function decades(series) {
  let [least, most] = [1, 100];
  for (const { points } of series) {
    for (const [, took] of points) {
      least = Math.min(least, took);
      most = Math.max(most, took);
    }
  }
  return [Math.max(-2, Math.floor(Math.log10(Math.max(least, 0.001)))), Math.ceil(Math.log10(most))];
}

function drawGrid(context, { least, most, x, y, now, width, floor }) {
  context.strokeStyle = colour('grid');
  context.fillStyle = colour('quiet');
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (let decade = least; decade <= most; decade += 1) {
    const line = Math.round(y(10 ** decade)) + 0.5;
    context.beginPath();
    context.moveTo(LEFT, line);
    context.lineTo(width, line);
    context.stroke();
    const tick = decade < 3 ? `${10 ** decade} ms` : `${10 ** (decade - 3)} s`;
    context.fillText(tick, LEFT - 6, line);
  }
  context.textAlign = 'center';
  for (let ago = 0; ago <= 60; ago += 15) {
    const at = Math.min(x(now - ago * 1000), width - 14);
    context.fillText(ago ? `−${ago} s` : 'now', at, floor + 10);
  }
}

function drawPoint(context, x, y, kind) {
  if (kind === COLD) {
    context.beginPath();
    context.moveTo(x, y - 5);
    context.lineTo(x + 5, y);
    context.lineTo(x, y + 5);
    context.lineTo(x - 5, y);
    context.closePath();
    context.stroke();
  } else if (kind === FAILED) {
    context.beginPath();
    context.moveTo(x - 4, y - 4);
    context.lineTo(x + 4, y + 4);
    context.moveTo(x + 4, y - 4);
    context.lineTo(x - 4, y + 4);
    context.stroke();
  } else {
    context.fillRect(x - 1.5, y - 1.5, 3, 3);
  }
}

function words(series) {
  const parts = series.map(({ name, points }) => {
    const sorted = points.map(([, took]) => took).sort((a, b) => a - b);
    const of = (kind) => points.filter((point) => point[2] === kind).length;
    return points.length
      ? `${dashed(name)} ${points.length} invocations, median ${ms(sorted[sorted.length >> 1])}, longest ${ms(sorted.at(-1))}, ${of(COLD)} cold, ${of(FAILED)} failed`
      : `${dashed(name)} none`;
  });
  return `Response times of the last 60 seconds: ${parts.join('; ') || 'none'}.`;
}
