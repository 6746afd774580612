// Follows the stack's feed and has each panel draw what is known.

import { byId, mark, say } from '/_console/dom.js';
import { count, duration } from '/_console/format.js';
import { empty, merge, queue } from '/_console/state.js';
import { pace } from '/_console/pace.js';
import { flow } from '/_console/flow.js';
import { counters } from '/_console/counters.js';
import { faults } from '/_console/faults.js';
import { scatter } from '/_console/scatter.js';
import { histograms } from '/_console/histogram.js';
import { batches } from '/_console/batches.js';
import { environments } from '/_console/environments.js';
import { map } from '/_console/map.js';
import { lessons } from '/_console/lessons.js';
import { sheets } from '/_console/sheets.js';
import { logs } from '/_console/logs.js';

const state = empty();
const PANELS = {
  pipeline: [flow], counters: [counters], faults: [faults], times: [scatter, histograms], batches: [batches],
  environments: [environments], map: [map], lessons: [lessons], sheets: [sheets], logs: [logs],
};
const { now: redraw, soon: redrawSoon } = pace(draw);
const panels = Object.entries(PANELS)
  .flatMap(([section, parts]) => parts.map((part) => ({ section: byId(section), draw: part(redraw), drawn: 0 })));

// What is out of view is drawn once a second, for whoever searches the page or has it
// read out, and its canvases, which say nothing to them, not at all.
const UNSEEN_MS = 1000;
const inView = new Set();
const views = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting) inView.add(target);
    else inView.delete(target);
  }
  redraw();
});
for (const { section } of panels) views.observe(section);

function draw(now) {
  if (document.hidden || !state.at) return;
  drawHeader();
  for (const panel of panels) {
    const isSeen = inView.has(panel.section);
    if (!isSeen && now - panel.drawn < UNSEEN_MS) continue;
    panel.drawn = now;
    panel.draw(state, isSeen);
  }
}

function drawHeader() {
  say(byId('uptime'), `up ${duration(state.at - state.started)}, times in UTC`);
  const alarm = alarms(state).join(' · ');
  byId('alarm').hidden = !alarm;
  say(byId('alarm'), alarm);
}

function alarms({ faults: settings, lessons: told, missed, ...rest }) {
  const on = Object.values(settings).filter((value) => value > 0).length;
  const dead = queue(rest, true).visible ?? 0;
  return [
    on > 0 && `${on} ${on === 1 ? 'fault' : 'faults'} on`,
    told?.overdue > 0 && `${count(told.overdue)} lessons overdue`,
    dead > 0 && `${count(dead)} dead letters`,
    missed > 0 && `this page was not told ${count(missed)} happenings, they came too fast`,
  ].filter(Boolean);
}

function connection(kind, words) {
  const node = byId('connection');
  mark(node, 'data-connection', kind);
  say(node, words);
}

const AGAIN_MS = 2000;

function connect() {
  const feed = new EventSource('/_console/events');
  feed.addEventListener('message', ({ data }) => {
    connection('live', 'live');
    try {
      merge(state, JSON.parse(data));
    } catch (error) {
      connection('unreadable', `unreadable message: ${error.message}`);
    }
    redrawSoon();
  });
  feed.addEventListener('error', () => {
    connection('reconnecting', 'reconnecting');
    // The browser tries again by itself after a lost connection, but not after
    // an answer that was none.
    if (feed.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_MS);
  });
}

document.addEventListener('visibilitychange', redraw);
window.addEventListener('resize', redraw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
connect();
