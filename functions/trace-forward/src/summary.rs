//! The one log line of an invocation. It holds counts alone: never a body, a
//! location or a key.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{batch::Batch, lane::Lane};

/// What an invocation did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Messages in the event.
    pub messages: usize,
    /// Of these, second copies of another.
    pub duplicates: usize,
    /// Lines in all records.
    pub lines: usize,
    /// Of them, those in records that Firehose took.
    pub delivered: usize,
    /// Records that the messages were joined into.
    pub records: usize,
    /// Bytes in all records, before base64.
    pub bytes: usize,
    /// Started units of 5 KB that Firehose bills for them.
    pub billed_units: usize,
    /// Calls to Firehose.
    pub calls: usize,
    /// Records that were sent again, counted each time.
    pub retries: usize,
    /// Messages that can never be delivered, by reason.
    pub undeliverable: BTreeMap<&'static str, usize>,
    /// Messages that go back to the queue.
    pub failed: usize,
    /// How often records failed, by code.
    pub codes: BTreeMap<String, u64>,
    /// Most calls in flight at a time.
    pub in_flight: usize,
    /// Since SQS took the message that has waited longest.
    pub oldest_line_age: Option<Duration>,
}

impl Summary {
    /// Counts what `batch` and `lanes` hold after delivery.
    pub fn of(batch: &Batch, lanes: &[Lane], failed: usize) -> Self {
        let records = || lanes.iter().flat_map(|lane| lane.ledger().records());
        let mut codes = BTreeMap::new();
        for (code, records) in lanes.iter().flat_map(|lane| lane.ledger().codes()) {
            *codes.entry(code.clone()).or_default() += records;
        }
        let mut undeliverable = BTreeMap::new();
        for letter in &batch.dead_letters {
            *undeliverable.entry(letter.reason.tag()).or_default() += 1;
        }
        Self {
            messages: batch.len(),
            duplicates: batch.duplicates,
            lines: records().map(|record| record.lines).sum(),
            delivered: lanes.iter().map(|lane| lane.ledger().delivered_lines()).sum(),
            records: records().count(),
            bytes: records().map(|record| record.data.len()).sum(),
            billed_units: records().map(|record| record.billed_units()).sum(),
            calls: lanes.iter().map(|lane| lane.calls().len()).sum(),
            retries: lanes.iter().map(|lane| lane.ledger().resent()).sum(),
            undeliverable,
            failed,
            codes,
            ..Self::default()
        }
    }

    /// Writes the line.
    pub fn log(&self, elapsed: Duration) {
        let reasons: Vec<_> = self
            .undeliverable
            .iter()
            .map(|(tag, count)| format!("{tag}={count}"))
            .collect();
        tracing::info!(
            messages = self.messages,
            duplicates = self.duplicates,
            lines = self.lines,
            records = self.records,
            bytes = self.bytes,
            billed_units = self.billed_units,
            calls = self.calls,
            retries = self.retries,
            failed = self.failed,
            undeliverable = self.undeliverable.values().sum::<usize>(),
            reasons = reasons.join(","),
            elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            "forwarded"
        );
    }
}
