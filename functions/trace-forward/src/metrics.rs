//! What an invocation is in figures: one line, and one for each error code. Their
//! meaning is in `docs/METRICS.md`.

use std::time::Duration;

use metrique::{
    unit::{Byte, Count, Millisecond},
    unit_of_work::metrics,
    writer::{unit::AsCount, value::VecDistribution},
};
use shared::metrics::{Metrics, Work};

use crate::{lane::Lane, summary::Summary};

/// CloudWatch takes as many values of a metric in one line.
const MAX_VALUES: usize = 100;

#[metrics(rename_all = "PascalCase")]
struct ForwardMetrics {
    #[metrics(unit = Count)]
    messages: u64,
    #[metrics(unit = Count)]
    messages_failed: u64,
    #[metrics(unit = Count)]
    undeliverable: u64,
    #[metrics(unit = Count)]
    duplicates: u64,
    #[metrics(unit = Count)]
    lines: u64,
    #[metrics(unit = Count)]
    lines_delivered: u64,
    #[metrics(unit = Count)]
    records: u64,
    #[metrics(unit = Byte)]
    record_bytes: u64,
    #[metrics(unit = Count)]
    records_failed: u64,
    #[metrics(unit = Count)]
    billed_units: u64,
    #[metrics(unit = Count)]
    calls: u64,
    #[metrics(unit = Count)]
    calls_failed: u64,
    #[metrics(unit = Count)]
    retries: u64,
    #[metrics(unit = Count)]
    in_flight: u64,
    /// Of each call.
    #[metrics(no_close)]
    slot_time: VecDistribution<Duration>,
    /// Of each call.
    #[metrics(no_close)]
    records_per_call: VecDistribution<AsCount<u64>>,
    #[metrics(unit = Millisecond)]
    oldest_line_age: Option<Duration>,
    #[metrics(unit = Millisecond)]
    forward_time: Duration,
    #[metrics(flatten)]
    work: Work,
}

/// Records that Firehose did not take, each time that it did not.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["ErrorCode"]])]
struct CodeMetrics {
    error_code: String,
    #[metrics(unit = Count)]
    records_failed: u64,
}

/// Writes them.
pub(crate) fn record(metrics: &Metrics, summary: &Summary, lanes: &[Lane], elapsed: Duration) {
    for (code, records) in &summary.codes {
        metrics.record(CodeMetrics {
            error_code: code.clone(),
            records_failed: *records,
        });
    }
    // The last ones wait longest, after a throttle.
    let skipped = summary.calls.saturating_sub(MAX_VALUES);
    let calls = || lanes.iter().flat_map(Lane::calls).skip(skipped);
    metrics.record(ForwardMetrics {
        messages: summary.messages as u64,
        messages_failed: summary.failed as u64,
        undeliverable: summary.undeliverable.values().sum::<usize>() as u64,
        duplicates: summary.duplicates as u64,
        lines: summary.lines as u64,
        lines_delivered: summary.delivered as u64,
        records: summary.records as u64,
        record_bytes: summary.bytes as u64,
        records_failed: summary.codes.values().sum(),
        billed_units: summary.billed_units as u64,
        calls: summary.calls as u64,
        calls_failed: lanes.iter().map(|lane| lane.calls_failed() as u64).sum(),
        retries: summary.retries as u64,
        in_flight: summary.in_flight as u64,
        slot_time: calls().map(|call| call.waited).collect(),
        records_per_call: calls().map(|call| (call.records as u64).into()).collect(),
        oldest_line_age: summary.oldest_line_age,
        forward_time: elapsed,
        work: metrics.work(),
    });
}
