// The row of big numbers.

import { byId, el, mark, say } from '/_console/dom.js';
import { count, short } from '/_console/format.js';
import { queue, sum, times } from '/_console/state.js';

const COUNTERS = [
  ['requests', 'requests', (state) => sum(state, 'TraceIngest', 'Requests')],
  ['accepted', 'accepted', (state) => sum(state, 'TraceIngest', 'Accepted')],
  ['rejected', 'rejected', (state) => sum(state, 'TraceIngest', 'Rejected')],
  ['refused', 'refused', (state) => sum(state, 'TraceIngest', 'Refused')],
  ['queued', 'in the queue', (state) => waiting(queue(state, false))],
  ['delivered', 'delivered', (state) => state.streams.traces?.lines ?? 0],
  ['actions-delivered', 'records kept', (state) => state.streams.actions?.lines ?? 0],
  ['sheets', 'run sheets', (state) => times(state, 'Actions', 'Orders')],
  ['opened', 'lessons opened', (state) => state.lessons?.opened ?? 0],
  ['agents', 'agents', (state) => state.agents],
];

function waiting({ visible = 0, in_flight: inFlight = 0 }) {
  return visible + inFlight;
}

export function counters() {
  const numbers = COUNTERS.map(([name, label]) => {
    const number = el('dd', { 'data-counter': name, 'data-value': 0 }, '0');
    byId('counter-list').append(el('div', {}, el('dt', {}, label), number));
    return number;
  });
  return (state) => {
    COUNTERS.forEach(([, , value], at) => {
      const now = value(state);
      mark(numbers[at], 'data-value', now);
      say(numbers[at], now < 1e6 ? count(now) : short(now));
    });
  };
}
