// The picture of the pipeline, and the same numbers as a table.

import { byId, fillRows, mark, say, svg, table } from '/_console/dom.js';
import { rate } from '/_console/format.js';
import { layout, strokes } from '/_console/flow-layout.js';
import { ARROWS, NODES, valkeyAsked } from '/_console/flow-parts.js';

const NARROW = matchMedia('(max-width: 980px)');
const STILL = matchMedia('(prefers-reduced-motion: reduce)');
const SUMMARY_MS = 5000;
const TICKS = 18;

export function flow(redraw) {
  let picture = null;
  let summarised = 0;
  const rows = table('What each arrow carries now', ['From and to', 'Rate', 'State', 'Failing']);
  byId('flow-table').append(rows.node);
  NARROW.addEventListener('change', () => {
    picture = null;
    redraw();
  });
  // The arrows move with the numbers: an animation of the style sheet would paint the
  // picture 60 times a second for as long as the page is open.
  let tick = 0;
  return (state) => {
    if (!picture) {
      picture = build(NARROW.matches);
      summarised = 0;
      byId('flow').replaceChildren(picture.node);
    }
    if (!STILL.matches) {
      tick = (tick + 1) % TICKS;
      picture.node.style.setProperty('--tick', tick);
    }
    const read = ARROWS.map((arrow) => reading(arrow, state));
    drawNodes(picture, state);
    read.forEach((one) => drawArrow(picture.arrows.get(one.id), one));
    showValkey(picture, valkeyAsked(state));
    fillRows(rows.body, read.map((one) => [one.title, one.label, one.state, one.failing]));
    if (Date.now() - summarised > SUMMARY_MS) {
      summarised = Date.now();
      mark(picture.node, 'aria-label', summary(read));
    }
  };
}

function showValkey({ node, nodes, arrows, plan }, shown) {
  nodes.get('valkey').group.style.display = shown ? '' : 'none';
  arrows.get('ingest-valkey').group.style.display = shown ? '' : 'none';
  const top = shown ? 0 : plan.unused;
  mark(node, 'viewBox', `0 ${top} ${plan.width} ${plan.height - top}`);
}

function reading({ id, from, to, per, rate: rateOf, failing: failingOf, note }, state) {
  const [now, failing] = [rateOf(state), failingOf?.(state) ?? 0];
  const counted = per === 'waiting' || per === 'wakes/min';
  const label = `${rate(now)} ${per}`;
  const failed = per === 'waiting' ? 'failing' : `failing ${rate(failing)}/s`;
  return {
    id, label,
    title: `${NODES[from][0]} to ${NODES[to][0]}`,
    load: now > 0 && counted ? 1 : now,
    state: failing > 0 ? 'failing' : now > 0 ? 'ok' : 'idle',
    failing: failing > 0 ? failed : '',
    below: failing > 0 ? failed : note?.(state) ?? '',
  };
}

function summary(read) {
  const moving = read.filter((one) => one.state === 'ok').map((one) => `${one.title} ${one.label}`);
  const failing = read.filter((one) => one.state === 'failing').map((one) => `${one.title} ${one.label}, ${one.failing}`);
  return `Pipeline. Failing: ${failing.join('; ') || 'nothing'}. Moving: ${moving.join('; ') || 'nothing'}. The rest is idle.`;
}

function build(narrow) {
  const plan = layout(narrow, ARROWS);
  const node = svg('svg', { role: 'img', class: narrow ? 'flow narrow' : 'flow' });
  const nodes = new Map();
  const arrows = new Map();
  for (const arrow of ARROWS) {
    const made = buildArrow(arrow.id, plan.lines[arrow.id]);
    arrows.set(arrow.id, made);
    node.append(made.group);
  }
  for (const [id, [name]] of Object.entries(NODES)) {
    const made = buildNode(id, name, plan.boxes[id]);
    nodes.set(id, made);
    node.append(made.group);
  }
  return { node, nodes, arrows, plan };
}

function buildArrow(id, { points, label: [x, y], below: [belowX, belowY], anchor }) {
  const { line, head } = strokes(points);
  const base = svg('path', { class: 'line', d: line });
  const moving = svg('path', { class: 'moving', d: line });
  const label = svg('text', { x, y, 'text-anchor': anchor });
  const below = svg('text', { x: belowX, y: belowY, 'text-anchor': anchor, class: 'below' });
  const group = svg('g', { 'data-arrow': id, 'data-state': 'idle' }, base, moving, svg('path', { class: 'head', d: head }), label, below);
  return { group, base, label, below };
}

function drawArrow({ group, base, label, below }, one) {
  mark(group, 'data-state', one.state);
  mark(group, 'data-load', one.load > 20 ? 3 : one.load > 1 ? 2 : one.load > 0 ? 1 : 0);
  base.style.strokeWidth = (one.load > 0 ? 3 + Math.min(3, Math.log10(1 + one.load)) : 1.5).toFixed(1);
  say(label, one.label);
  say(below, one.below);
}

function buildNode(id, name, { x, y, width, height }) {
  const text = (dy, kind, words) => svg('text', { x: x + width / 2, y: y + dy, 'text-anchor': 'middle', class: kind }, words);
  const lines = [text(35, 'fact', ''), text(49, 'fact', '')];
  const box = svg('rect', { x, y, width, height, rx: 6 });
  return { group: svg('g', { 'data-node': id }, box, text(19, 'name', name), ...lines), lines };
}

function drawNodes({ nodes }, state) {
  for (const [id, [, ...texts]] of Object.entries(NODES)) {
    texts.forEach((words, at) => say(nodes.get(id).lines[at], words(state)));
  }
}
