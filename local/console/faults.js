// Switches for what the services get wrong on purpose.

import { byId, el, mark, say } from '/_console/dom.js';
import { ms, percent } from '/_console/format.js';

const share = { most: 1, step: 0.01, words: percent };

// Each fault: what its button says, the setting, and how much of it the button sets.
const FAULTS = [
  { name: 'firehose_throttled_calls', says: 'Firehose refuses half of the calls', much: 0.5, ...share },
  { name: 'firehose_failed_records', says: 'Firehose fails a third of records', much: 0.33, ...share },
  { name: 'sqs_failed_calls', says: 'SQS is down', much: 1, ...share },
  { name: 'sqs_refused_entries', says: 'SQS refuses a third of entries', much: 0.33, ...share },
  { name: 'sns_failed_calls', says: 'Alerts fail', much: 1, ...share },
  { name: 'service_latency_ms', says: 'Everything answers 300 ms later', much: 300, most: 2000, step: 50, words: ms },
  { name: 'killed_invocations', says: 'Kill environments while they work', much: 0.2, ...share },
  { name: 'duplicated_triggers', says: 'Triggers come twice', much: 1, ...share },
  { name: 'late_triggers_s', says: 'Triggers come up to 20 s late', much: 20, most: 60, step: 1, words: (value) => `${value} s` },
];

export function faults(redraw) {
  let known = { faults: {} };
  const list = byId('fault-list');

  async function send(changed) {
    const answer = await put(changed);
    // The feed says so too, but a moment later: too late for a second click.
    if (answer) known.faults = answer;
    redraw();
  }

  const rows = FAULTS.map((fault) => {
    const row = build(fault, (value) => send({ ...known.faults, [fault.name]: value }), () => known.faults[fault.name] ?? 0);
    list.append(row.node);
    return row;
  });
  const mend = byId('mend');
  mend.addEventListener('click', () => send(allMended(known.faults)));

  return (state) => {
    known = state;
    FAULTS.forEach((fault, at) => draw(rows[at], fault, state.faults[fault.name] ?? 0));
    mark(mend, 'data-needed', Object.values(state.faults).some((value) => value > 0));
  };
}

function build({ name, says, much, most, step }, set, now) {
  const button = el('button', { type: 'button', 'data-fault': name, 'aria-pressed': 'false', onclick: () => set(now() > 0 ? 0 : much) }, says);
  const slider = el('input', { type: 'range', min: 0, max: most, step, value: 0, 'aria-label': `How much: ${says}`, onchange: () => set(Number(slider.value)) });
  const amount = el('output', { class: 'quiet' });
  return { node: el('div', { class: 'fault' }, button, slider, amount), button, slider, amount };
}

function draw({ button, slider, amount }, { words }, value) {
  mark(button, 'aria-pressed', value > 0);
  say(amount, value > 0 ? words(value) : 'off');
  mark(slider, 'aria-valuetext', value > 0 ? words(value) : 'off');
  // Never under a finger that moves it.
  if (!slider.matches(':active') && Number(slider.value) !== value) slider.value = value;
}

function allMended(settings) {
  const zero = Object.fromEntries(FAULTS.map(({ name }) => [name, 0]));
  return { ...Object.fromEntries(Object.keys(settings).map((name) => [name, 0])), ...zero };
}

async function put(settings) {
  const said = byId('faults-said');
  try {
    const answer = await fetch('/_punctual/faults', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
    });
    const body = await answer.json();
    say(said, answer.ok ? '' : `not set: ${body.message ?? answer.status}`);
    return answer.ok ? body : null;
  } catch {
    say(said, 'not set: the stack does not answer');
    return null;
  }
}
