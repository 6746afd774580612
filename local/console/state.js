// What the page knows: each message of the feed merged into what came before.

const KEPT_MS = 60000;
const KEPT_LINES = 2000;
const KEPT_SHEETS = 8;
const KEPT_RUNS = 10;

export function empty() {
  return {
    at: 0, started: 0, told: 0, missed: 0, agents: 0, buckets: null,
    functions: new Map(), answers: new Map(), queues: {}, streams: {}, rates: {}, faults: {},
    positions: new Map(), sheets: [], lessons: undefined, runs: [], lines: [], linesEver: 0,
    history: [],
  };
}

export function merge(state, message) {
  if (message.hello) forget(state, message);
  else withoutRepeats(state, message);
  for (const key of ['at', 'started', 'agents', 'buckets', 'queues', 'streams', 'rates', 'faults']) {
    if (message[key] != null) state[key] = message[key];
  }
  state.missed = Math.max(state.missed, message.missed ?? 0);
  mergeFunctions(state, message.functions ?? []);
  // A new map: who keeps an order of the agents sees that others are in it.
  if (message.forgotten) state.positions = without(state.positions, new Set(message.forgotten));
  for (const [agent, lat, lon, at] of message.positions ?? []) state.positions.set(agent, { lat, lon, at });
  if (message.sheets?.length) {
    state.sheets = [...state.sheets, ...message.sheets].slice(-KEPT_SHEETS);
  }
  if (message.lessons !== undefined) mergeLessons(state, message.lessons);
  addLines(state, message.logs ?? []);
  remember(state);
}

// A hello repeats what an earlier connection to the same stack has told; only
// lines are kept over it, since a reader may be in the middle of them.
function forget(state, hello) {
  const kept = hello.started === state.started ? state : empty();
  const last = kept.lines.at(-1)?.[0] ?? 0;
  hello.logs = (hello.logs ?? []).filter(([at]) => at > last);
  const { lines, linesEver } = state;
  Object.assign(state, empty(), { told: hello.at, lines: kept === state ? lines : [], linesEver });
}

// What came just before the hello is in it, and may be in the next message again.
function withoutRepeats(state, message) {
  const isNew = (at) => at > state.told;
  for (const one of message.functions ?? []) one.answers = one.answers?.filter(([at]) => isNew(at));
  message.logs = message.logs?.filter(([at]) => isNew(at));
  message.sheets = message.sheets?.filter(({ at }) => isNew(at));
}

function without(positions, forgotten) {
  return new Map([...positions].filter(([agent]) => !forgotten.has(agent)));
}

function mergeFunctions(state, functions) {
  for (const told of functions) {
    state.functions.set(told.name, { ...state.functions.get(told.name), ...told, answers: undefined });
    const answers = state.answers.get(told.name) ?? [];
    answers.push(...(told.answers ?? []));
    const first = answers.findIndex(([at]) => at >= state.at - KEPT_MS);
    state.answers.set(told.name, first === 0 ? answers : answers.slice(first === -1 ? answers.length : first));
  }
}

function mergeLessons(state, lessons) {
  state.lessons = lessons;
  const runs = new Map(state.runs.map((run) => [run.run, run]));
  for (const run of lessons?.runs ?? []) runs.set(run.run, run);
  state.runs = [...runs.values()].sort((a, b) => b.run - a.run).slice(0, KEPT_RUNS);
}

function addLines(state, lines) {
  state.linesEver += lines.length;
  state.lines.push(...lines);
  if (state.lines.length > KEPT_LINES) state.lines.splice(0, state.lines.length - KEPT_LINES);
}

// What the feed carries no rate of: wakes, of the last minute, and lessons that
// opened, a second, of the last five. A run's own figures come with its end.
const LATELY_MS = 5000;

function remember(state) {
  const wakes = sum(state, 'SchedulePublish', 'Wakes');
  const opened = state.lessons?.opened ?? null;
  state.history.push({ at: state.at, wakes, opened });
  while (state.history.length > 1 && state.history[0].at < state.at - KEPT_MS) state.history.shift();
  state.wakesLately = wakes - state.history[0].wakes;
  const before = state.history.find((one) => one.at >= state.at - LATELY_MS && one.opened != null);
  state.openedLately = before ? ((opened - before.opened) * 1000) / LATELY_MS : 0;
}

export function sum(state, name, metric) {
  return state.functions.get(name)?.sums?.[metric] ?? 0;
}

// How many values a metric has had.
export function times(state, name, metric) {
  return state.functions.get(name)?.counts?.[metric] ?? 0;
}

export function byKind(state, name, metric) {
  return state.functions.get(name)?.by?.[metric] ?? {};
}

export function queue(state, dead) {
  const found = Object.entries(state.queues).filter(([name]) => /DeadLetter/i.test(name) === dead);
  return found.find(([name]) => dead || name.includes('traces'))?.[1] ?? found[0]?.[1] ?? {};
}

export function percentile(state, histogram, share) {
  const counts = histogram ?? [];
  const total = counts.reduce((all, one) => all + one, 0);
  if (!total || !state.buckets) return null;
  const { least_ms: least, per_doubling: per } = state.buckets;
  let left = share * total;
  const bucket = counts.findIndex((one) => (left -= one) <= 0);
  const inside = 1 + left / (counts[bucket] || 1);
  return least * 2 ** ((bucket + inside) / per);
}
