use std::{
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use anyhow::bail;
use indicatif::{HumanCount, ProgressBar};
use serde_json::json;

use crate::progress;

use super::{
    client::{Answer, Rejected},
    source::{Read, Trace},
};

/// Problems that are shown one by one; of the others there is a count.
const SHOWN: usize = 10;

/// Progress while it runs, and the summary.
pub(super) struct Report {
    bar: ProgressBar,
    json: bool,
    read: usize,
    skipped: usize,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    accepted: usize,
    rejected: usize,
    retries: u32,
}

impl Report {
    pub(super) fn new(read: &Read, json: bool) -> Self {
        let bar = progress::of("traces", read.traces.len() as u64);
        let report = Self {
            bar,
            json,
            read: read.traces.len() + read.skipped.len(),
            skipped: read.skipped.len(),
            counts: Mutex::default(),
        };
        read.skipped
            .iter()
            .take(SHOWN)
            .for_each(|why| report.say(&format!("skipped: {why}")));
        report
    }

    pub(super) fn add(&self, batch: &[Trace], answer: Answer) {
        let mut counts = self.counts();
        for Rejected { index, field, reason } in &answer.rejected {
            counts.rejected += 1;
            if counts.rejected <= SHOWN {
                let place = batch.get(*index).map_or(0, |trace| trace.place);
                self.say(&format!("rejected: line {place}: {field} {reason}"));
            }
        }
        counts.accepted += answer.accepted;
        counts.retries += answer.retries;
        self.bar.inc(batch.len() as u64);
    }

    /// Prints the summary.
    pub(super) fn finish(self, elapsed: Duration) -> anyhow::Result<()> {
        self.bar.finish_and_clear();
        let Counts {
            accepted,
            rejected,
            retries,
        } = *self.counts();
        let per_second = (accepted as f64 / elapsed.as_secs_f64()).round();
        if self.json {
            let summary = json!({
                "read": self.read, "accepted": accepted, "rejected": rejected, "skipped": self.skipped,
                "retries": retries, "elapsed_s": elapsed.as_secs_f64(), "traces_per_s": per_second,
            });
            println!("{summary}");
        } else {
            println!(
                "{} of {} traces accepted in {:.2} s ({}/s), {rejected} rejected, {} skipped, {retries} retries",
                HumanCount(accepted as u64),
                HumanCount(self.read as u64),
                elapsed.as_secs_f64(),
                HumanCount(per_second as u64),
                self.skipped,
            );
        }
        if accepted < self.read {
            bail!("{} traces were not accepted", self.read - accepted);
        }
        Ok(())
    }

    fn say(&self, line: &str) {
        // Without a terminal there is no bar, and it would swallow the line.
        self.bar.suspend(|| eprintln!("{line}"));
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
