// What the pipeline's nodes and arrows say.

import { bytes, count, dashed, duration, ms, rate, short, clock } from '/_console/format.js';
import { percentile, queue, sum } from '/_console/state.js';

const rates = (name) => (state) => state.rates[name] ?? 0;
const both = (one, other) => (state) => (state.rates[one] ?? 0) + (state.rates[other] ?? 0);

// `per` is what the arrow's rate counts; `failing` above 0 makes it fail.
export const ARROWS = [
  { id: 'phones-ingest', from: 'phones', to: 'ingest', per: 'requests/s', rate: rates('requests'),
    note: (state) => (state.rates.refused > 0 ? `${rate(state.rates.refused)} refused/s` : '') },
  { id: 'ingest-queue', from: 'ingest', to: 'queue', per: 'traces/s', rate: rates('accepted'), failing: rates('unstored') },
  { id: 'ingest-valkey', from: 'ingest', to: 'valkey', per: 'writes/s', rate: rates('valkey_asked'), failing: rates('valkey_missed') },
  { id: 'queue-forward', from: 'queue', to: 'forward', per: 'messages/s', rate: rates('messages'), failing: rates('given_back') },
  { id: 'forward-firehose', from: 'forward', to: 'firehose', per: 'records/s', rate: rates('records'), failing: both('calls_failed', 'records_failed') },
  { id: 'firehose-files', from: 'firehose', to: 'files', per: 'lines/s', rate: rates('lines') },
  { id: 'riders-actions', from: 'riders', to: 'actions', per: 'sheets/s', rate: rates('sheets') },
  { id: 'actions-queue', from: 'actions', to: 'queue', per: 'sheets/s', rate: rates('sheets'), failing: rates('sheets_unrecorded') },
  { id: 'scheduler-publish', from: 'scheduler', to: 'publish', per: 'wakes/min', rate: (state) => state.wakesLately ?? 0 },
  { id: 'publish-lessons', from: 'publish', to: 'lessons', per: 'opened/s', rate: (state) => state.openedLately ?? 0 },
  { id: 'watch-alerts', from: 'watch', to: 'alerts', per: 'alerts/s', rate: rates('alerts'), failing: rates('alerts_failed') },
  { id: 'queue-dead', from: 'queue', to: 'dead', per: 'waiting', rate: (state) => queue(state, true).visible ?? 0,
    failing: (state) => queue(state, true).visible ?? 0 },
];

const busy = (name) => (state) => {
  const all = state.functions.get(name)?.environments ?? [];
  return `${all.filter((one) => one.state === 'busy').length} busy of ${all.length}`;
};
const median = (name) => (state) => {
  const one = state.functions.get(name);
  return one?.errors > 0 ? `${short(one.errors)} errors` : `p50 ${ms(percentile(state, one?.histogram, 0.5))}`;
};
const ofFunction = (name) => [dashed(name), busy(name), median(name)];
const nothing = () => '';

// Each node: its name and two lines under it.
export const NODES = {
  phones: ['phones', (state) => `${count(state.agents)} agents`, nothing],
  ingest: ofFunction('TraceIngest'),
  valkey: ['Valkey', () => 'newest positions', (state) => `${short(sum(state, 'TraceIngest', 'ValkeyMissed'))} missed`],
  queue: ['SQS queue', (state) => depth(queue(state, false)), (state) => oldest(queue(state, false))],
  dead: ['dead letters', (state) => `${count(queue(state, true).visible ?? 0)} waiting`, nothing],
  forward: ofFunction('TraceForward'),
  firehose: ['Firehose', (state) => `${short(total(state, 'calls'))} calls`, (state) => `${short(total(state, 'billed_5kb_units'))} × 5 KB`],
  files: ['files', (state) => `${short(total(state, 'lines'))} lines`, (state) => bytes(total(state, 'bytes'))],
  riders: ['riders', (state) => `${short(sum(state, 'Actions', 'Requests'))} requests`, nothing],
  actions: ofFunction('Actions'),
  scheduler: ['scheduler', (state) => `${short(sum(state, 'SchedulePublish', 'Wakes'))} wakes`, nothing],
  publish: ofFunction('SchedulePublish'),
  lessons: ['lessons', (state) => next(state.lessons), (state) => overdue(state.lessons)],
  watch: ofFunction('ScheduleWatch'),
  alerts: ['alerts', (state) => `${short(sum(state, 'ScheduleWatch', 'Incidents'))} incidents`, nothing],
};

export const valkeyAsked = (state) => state.functions.get('TraceIngest')?.sums?.ValkeyMissed != null;

function depth({ visible = 0, in_flight: inFlight = 0 }) {
  return `${short(visible)} + ${short(inFlight)} taken`;
}

function oldest({ oldest_age_seconds: age }) {
  return age == null ? 'nothing waits' : `oldest ${duration(age * 1000)}`;
}

function total(state, key) {
  return Object.values(state.streams).reduce((all, stream) => all + (stream?.[key] ?? 0), 0);
}

function next(lessons) {
  if (!lessons) return 'no database';
  const first = lessons.coming?.[0];
  return first ? `next ${clock(first.at)}` : 'none coming';
}

function overdue(lessons) {
  return lessons ? `${count(lessons.overdue ?? 0)} overdue` : '';
}
