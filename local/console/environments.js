// The execution environments of each function, one square each.

import { byId, el, mark, say } from '/_console/dom.js';
import { bytes, count, dashed, ms } from '/_console/format.js';
import { functionColour, inOrder } from '/_console/canvas.js';

export function environments() {
  const list = byId('environment-list');
  const legend = el('p', { class: 'legend quiet' });
  for (const state of ['starting', 'idle', 'busy', 'stopping']) {
    legend.append(el('span', {}, el('i', { class: 'square', 'data-state': state }), state));
  }
  list.after(legend);
  const rows = new Map();
  return (state) => {
    for (const one of inOrder(state)) {
      if (!rows.has(one.name)) rows.set(one.name, build(one.name, list));
      draw(rows.get(one.name), one);
    }
  };
}

function build(name, list) {
  const squares = el('div', { class: 'squares' });
  const [held, memory, facts] = [el('span'), el('span'), el('span', { class: 'quiet' })];
  const kill = el('button', { type: 'button', class: 'danger', 'aria-label': `Kill the processes of ${dashed(name)}`, onclick: () => killAll(name) }, 'kill');
  const title = el('h3', {}, el('i', { class: `swatch ${functionColour(name)}` }), dashed(name));
  list.append(el('div', { class: 'environment' }, title, held, memory, kill, el('div', {}, squares, facts)));
  return { squares, held, memory, facts, known: new Map() };
}

function draw({ squares, held, memory, facts, known }, one) {
  const all = one.environments ?? [];
  say(held, one.max_environments ? `${all.length} of ${one.max_environments}` : String(all.length));
  say(memory, bytes(all.reduce((sum, { rss_bytes: rss }) => sum + (rss ?? 0), 0)));
  say(facts, `${count(one.cold_starts ?? 0)} cold · ${count(one.errors ?? 0)} errors · ${count(one.throttles ?? 0)} throttled`);
  const now = new Set(all.map(({ id }) => id));
  for (const [id, square] of known) {
    if (now.has(id)) continue;
    square.remove();
    known.delete(id);
  }
  for (const environment of all) {
    if (!known.has(environment.id)) {
      known.set(environment.id, el('i', { class: 'square', role: 'img' }));
      squares.append(known.get(environment.id));
    }
    const square = known.get(environment.id);
    const words = inWords(environment);
    mark(square, 'data-state', environment.state);
    mark(square, 'title', words);
    mark(square, 'aria-label', words);
  }
}

function inWords({ id, state, start, invocations, rss_bytes: rss, init_ms: init }) {
  return `${state}, ${start} start in ${ms(init)}, ${count(invocations)} invocations, ${bytes(rss)}, ${id}`;
}

async function killAll(name) {
  const said = byId('kill-said');
  try {
    const answer = await fetch(`/_punctual/kill/${encodeURIComponent(name)}`, { method: 'POST' });
    say(said, answer.ok ? `${dashed(name)} killed` : `${dashed(name)} not killed: status ${answer.status}`);
  } catch {
    say(said, `${dashed(name)} not killed: the stack does not answer`);
  }
}
