// Lessons that will open, and the runs that opened the earlier ones.

import { byId, el, fillRows, mark, say, table } from '/_console/dom.js';
import { clock, count, duration, ms } from '/_console/format.js';

const MOST_COMING = 6;

export function lessons() {
  const said = el('p');
  const coming = table('Coming', ['Opens at', 'In', 'Lessons']);
  const runs = table('Runs, newest first', ['Slot', 'Run', 'State', 'Planned', 'Opened', 'Late', 'Recov­ered', 'First after', 'Last after']);
  const scroll = el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Runs' }, runs.node);
  byId('lesson-list').append(said, coming.node, scroll);
  return (state) => {
    const told = state.lessons;
    coming.node.hidden = scroll.hidden = !told;
    mark(said, 'class', told?.overdue > 0 ? 'alarm' : 'quiet');
    say(said, summary(told));
    if (!told) return;
    fillRows(coming.body, (told.coming ?? []).slice(0, MOST_COMING).map((slot) => comingRow(slot, state.at)));
    fillRows(runs.body, state.runs.map(runRow), (at) => runMarks(state.runs[at]));
  };
}

function summary(told) {
  if (told === undefined) return 'Nothing is known yet.';
  if (!told) return 'This stack has no lessons database.';
  const overdue = told.overdue > 0 ? `${count(told.overdue)} lessons are overdue` : 'No lesson is overdue';
  return told.database ? `${overdue} · ${told.database}` : overdue;
}

function comingRow({ at, lessons: many }, now) {
  const left = Date.parse(at) - now;
  return [clock(at), left > 0 ? duration(left) : 'now', count(many)];
}

function runRow(run) {
  return [
    clock(run.slot), run.trigger === 'replay' ? `${run.run}, replay` : String(run.run), run.state ?? '',
    count(run.planned), count(run.published), count(run.late), count(run.recovered),
    ms(run.first_commit_late_ms), ms(run.last_commit_late_ms),
  ];
}

function runMarks(run) {
  return { 'data-run': run.run, 'data-state': run.state, 'data-late': run.late > 0 ? 'true' : null };
}
