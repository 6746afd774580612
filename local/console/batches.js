// How well traces are joined on their way out, and what was turned away.

import { byId, el, fillRows, table } from '/_console/dom.js';
import { bytes, count, ms, ratio } from '/_console/format.js';
import { byKind, sum } from '/_console/state.js';

export function batches() {
  const streams = table('Firehose streams', ['Stream', 'Calls', 'Records', 'Lines', 'Bytes', '5 KB units', 'Lines per call', 'Records per call', 'Failed records', 'Refused calls']);
  const forward = table('trace-forward', ['Figure', 'Value']);
  const reasons = table('What failed or was turned away, by reason', ['What', 'Reason', 'Count']);
  byId('batch-list').append(
    el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Firehose streams' }, streams.node),
    el('div', { class: 'pair even' }, forward.node, reasons.node),
  );
  return (state) => {
    fillRows(streams.body, Object.entries(state.streams).map(streamRow));
    fillRows(forward.body, forwardRows(state));
    const rows = reasonRows(state);
    fillRows(reasons.body, rows.length ? rows : [['nothing', '', '']]);
  };
}

function streamRow([name, told]) {
  const stream = told ?? {};
  return [
    name, count(stream.calls), count(stream.records), count(stream.lines), bytes(stream.bytes), count(stream.billed_5kb_units),
    ratio(stream.lines, stream.calls), ratio(stream.records, stream.calls), count(stream.failed_records), count(stream.throttled_calls),
  ];
}

function forwardRows(state) {
  const of = (metric) => sum(state, 'TraceForward', metric);
  const one = state.functions.get('TraceForward');
  return [
    ['messages per batch', ratio(of('Messages'), (one?.invocations ?? 0) - (one?.errors ?? 0))],
    ['lines per record', ratio(of('Lines'), of('Records'))],
    ['records per call', ratio(of('Records') + of('Retries'), of('Calls'))],
    ['lines per call', ratio(of('Lines'), of('Calls'))],
    ['oldest line of the last batch', ms(one?.last?.OldestLineAge)],
    ['records sent again', count(of('Retries'))],
    ['calls failed as a whole', count(of('CallsFailed'))],
    ['messages given back', count(of('MessagesFailed'))],
    ['second copies delivered once', count(of('Duplicates'))],
    ['undeliverable', count(of('Undeliverable'))],
  ];
}

const REASONS = [
  ['record failed', 'TraceForward', 'RecordsFailed'],
  ['trace rejected', 'TraceIngest', 'Rejected'],
  ['request refused', 'TraceIngest', 'Refused'],
  ['sheet refused', 'Actions', 'Refused'],
];

function reasonRows(state) {
  return REASONS.flatMap(([what, name, metric]) => Object.entries(byKind(state, name, metric))
    .sort((a, b) => b[1] - a[1])
    .map(([reason, times]) => [what, reason, count(times)]));
}
