// The newest lines of all logs, filtered, and a search in the files.

import { byId, el, mark, say } from '/_console/dom.js';
import { count, dashed } from '/_console/format.js';
import { inOrder } from '/_console/canvas.js';
import { logRow, parsed } from '/_console/log-row.js';
import { logTail } from '/_console/log-tail.js';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

export function logs(redraw) {
  const [form, level, name, query, pause] = ['form', 'level', 'function', 'query', 'pause'].map((id) => byId(`log-${id}`));
  const [tail, said, found] = [logTail(byId('log-tail')), byId('log-said'), byId('log-found')];
  const usual = said.textContent;
  let seen = 0;
  let rebuild = true;
  for (const one of ['all', ...LEVELS.slice(2)]) level.append(el('option', { value: one }, one === 'all' ? 'all' : `${one} and up`));
  name.append(el('option', { value: '' }, 'all'));
  const changed = () => {
    rebuild = true;
    redraw();
  };
  level.addEventListener('change', changed);
  name.addEventListener('change', changed);
  query.addEventListener('input', changed);
  pause.addEventListener('click', () => {
    mark(pause, 'aria-pressed', pause.getAttribute('aria-pressed') !== 'true');
    redraw();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    search(found, query.value.trim(), name.value, follow);
  });

  function follow(id) {
    query.value = id;
    level.value = 'all';
    name.value = '';
    changed();
    search(found, id, '', follow);
    found.scrollIntoView({ block: 'nearest' });
  }

  return (state, isSeen) => {
    if (isSeen) tail.look();
    offerFunctions(name, state);
    const fresh = state.linesEver - seen;
    const paused = pause.getAttribute('aria-pressed') === 'true';
    if (paused) say(said, fresh > 0 ? `Paused; ${count(fresh)} newer lines` : 'Paused');
    else say(said, usual);
    if ((paused && !rebuild) || (!fresh && !rebuild)) return;
    const wanted = filter(level.value, name.value, query.value.trim().toLowerCase());
    // Paused, a new filter still only looks at what had come by then.
    const until = paused ? state.lines.length - fresh : state.lines.length;
    const lines = rebuild ? state.lines.slice(0, Math.max(0, until)) : state.lines.slice(-fresh);
    const rows = lines.filter(wanted).slice(-tail.most).map((line) => logRow(line, follow));
    tail.show(rows, rebuild, isSeen);
    if (!paused) seen = state.linesEver;
    rebuild = false;
  };
}

const texts = new WeakMap();

function filter(level, name, query) {
  const least = LEVELS.indexOf(level);
  return (line) => {
    const rank = LEVELS.indexOf(String(line[2] ?? '').toUpperCase());
    if (name && line[1] !== name) return false;
    if (least >= 0 && rank >= 0 && rank < least) return false;
    if (!query) return true;
    if (!texts.has(line)) texts.set(line, JSON.stringify(line).toLowerCase());
    return texts.get(line).includes(query);
  };
}

function offerFunctions(select, state) {
  const names = inOrder(state).map((one) => one.name);
  if (select.options.length > names.length) return;
  const chosen = select.value;
  select.replaceChildren(el('option', { value: '' }, 'all'), ...names.map((one) => el('option', { value: one }, dashed(one))));
  select.value = chosen;
}

async function search(box, text, name, follow) {
  box.hidden = !text;
  if (!text) return;
  const title = el('h3', { role: 'status' }, `Looking for “${text}” in the files…`);
  const close = el('button', { type: 'button', onclick: () => (box.hidden = true) }, 'Close');
  const list = el('ol', { class: 'lines', 'aria-label': 'Lines found in the files' });
  box.replaceChildren(el('div', { class: 'title' }, title, close), list);
  try {
    const answer = await fetch(`/_console/logs?${new URLSearchParams(name ? { q: text, function: name } : { q: text })}`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const lines = await answer.json();
    list.append(...lines.map((line) => logRow(parsed(line), follow)));
    say(title, `${count(lines.length)} ${lines.length === 1 ? 'line' : 'lines'} in the files with “${text}”`);
    list.scrollTop = list.scrollHeight;
  } catch (error) {
    say(title, `The files could not be searched: ${error.message}`);
  }
}
