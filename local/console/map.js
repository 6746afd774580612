// Where each agent was last, without any picture of the ground.

import { byId, el, mark } from '/_console/dom.js';
import { count, duration } from '/_console/format.js';
import { agents } from '/_console/agents.js';
import { colour, describe, prepare } from '/_console/canvas.js';
import { view } from '/_console/map-view.js';

const [FADED_MS, NEAR] = [120000, 12];
const [ZOOM, STEP] = [1.6, 60];

export function map(redraw) {
  const canvas = byId('map-canvas');
  mark(canvas, 'role', 'img');
  const ground = view();
  let mouse = null;
  const moves = {
    '+': ['Zoom in', () => ground.zoom(ZOOM)],
    '-': ['Zoom out', () => ground.zoom(1 / ZOOM)],
    ArrowLeft: ['Move left', () => ground.pan(STEP, 0)],
    ArrowUp: ['Move up', () => ground.pan(0, STEP)],
    ArrowDown: ['Move down', () => ground.pan(0, -STEP)],
    ArrowRight: ['Move right', () => ground.pan(-STEP, 0)],
    0: ['Fit all agents', () => ground.fit()],
  };
  const signs = { '-': '−', ArrowLeft: '←', ArrowUp: '↑', ArrowDown: '↓', ArrowRight: '→', 0: 'fit' };
  for (const key of ['+', '-', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight', '0']) {
    const [words, move] = moves[key];
    const onclick = () => (move(), redraw());
    byId('map-buttons').append(el('button', { type: 'button', title: words, 'aria-label': words, onclick }, signs[key] ?? key));
  }
  canvas.addEventListener('keydown', (event) => {
    const move = moves[event.key === '=' ? '+' : event.key]?.[1];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move();
    redraw();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'mouse' && event.buttons & 1) ground.pan(event.movementX, event.movementY);
    mouse = { x: event.offsetX, y: event.offsetY };
    redraw();
  });
  canvas.addEventListener('pointerleave', () => (mouse = null, redraw()));
  const list = agents(redraw, (place) => (ground.centre(place.lat, place.lon), redraw()));

  return (state, isSeen) => {
    if (isSeen) {
      const places = [...state.positions].map(([name, place]) => ({ name, ...place }));
      drawAll(canvas, ground, places, state.at, (dots) => dots.find(({ name }) => name === list.chosen()) ?? nearest(dots, mouse));
    }
    list.draw(state.positions, state.at);
    describe(canvas, () => words(state.positions, state.at));
  };
}

function drawAll(canvas, ground, places, now, choose) {
  const { context, width, height } = prepare(canvas);
  ground.update(places, width, height);
  drawGrid(context, ground, width, height);
  const dots = places.map((place) => ({ ...place, ...ground.project(place) }));
  for (const dot of dots) drawDot(context, dot, now);
  const named = choose(dots);
  if (named) drawName(context, named, now, width);
}

function nearest(dots, mouse) {
  if (!mouse) return null;
  const far = ({ x, y }) => Math.hypot(x - mouse.x, y - mouse.y);
  const best = dots.reduce((a, b) => (a && far(a) <= far(b) ? a : b), null);
  return best && far(best) <= NEAR ? best : null;
}

function drawGrid(context, ground, width, height) {
  const { lats, lons } = ground.grid();
  context.strokeStyle = colour('grid');
  context.fillStyle = colour('quiet');
  context.lineWidth = 1;
  context.beginPath();
  for (const { at, label } of lats) {
    const y = Math.round(ground.project({ lat: at, lon: 0 }).y) + 0.5;
    context.moveTo(0, y);
    context.lineTo(width, y);
    if (y < height - 20) context.fillText(label, 4, y - 4);
  }
  for (const { at, label } of lons) {
    const x = Math.round(ground.project({ lat: 0, lon: at }).x) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.fillText(label, x + 4, height - 5);
  }
  context.stroke();
}

function drawDot(context, { x, y, at }, now) {
  context.globalAlpha = Math.max(0.25, 1 - Math.max(0, now - at) / FADED_MS);
  context.fillStyle = colour('accent');
  context.beginPath();
  context.arc(x, y, 4, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
}

function drawName(context, { name, x, y, at }, now, width) {
  const text = `${name} · ${duration(now - at)} ago`;
  const wide = context.measureText(text).width + 12;
  const left = Math.min(Math.max(2, x + 10), width - wide - 2);
  context.strokeStyle = colour('text');
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 7, 0, 2 * Math.PI);
  context.stroke();
  context.fillStyle = colour('text');
  context.fillRect(left, y - 26, wide, 18);
  context.fillStyle = colour('panel');
  context.fillText(text, left + 6, y - 13);
}

function words(positions, now) {
  const fresh = [...positions.values()].filter(({ at }) => now - at < FADED_MS).length;
  return `Map of the newest positions: ${count(positions.size)} agents, ${count(fresh)} of them heard of in the last two minutes. Plus and minus zoom, arrows move, 0 fits all.`;
}
