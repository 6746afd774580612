use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use super::source::Trace;

/// Traces that are due this soon go along, so that a dense file is not posted
/// one by one.
const TICK: Duration = Duration::from_millis(250);

/// Cuts traces into batches, when asked at the pace that they were recorded at.
pub(super) struct Pace {
    /// In reverse, so that the next ones are at the end.
    rest: Vec<Trace>,
    batch: usize,
    /// When it began, the first recorded instant in epoch ms, and the speed.
    clock: Option<(Instant, i64, f64)>,
}

impl Pace {
    pub(super) fn new(mut traces: Vec<Trace>, batch: usize, speed: Option<f64>) -> Self {
        if speed.is_some() {
            traces.sort_by_key(|trace| trace.epoch_ms);
        }
        let first = traces.iter().find_map(|trace| trace.epoch_ms).unwrap_or_default();
        traces.reverse();
        let clock = speed.map(|speed| (Instant::now(), first, speed));
        Self {
            rest: traces,
            batch,
            clock,
        }
    }

    /// Drops what is left.
    pub(super) fn stop(&mut self) {
        self.rest.clear();
    }

    /// How many of the next traces are due, at most a batch; waits for the first.
    fn due(&self) -> usize {
        let most = self.batch.min(self.rest.len());
        let Some((began, first, speed)) = self.clock else {
            return most;
        };
        let next = &self.rest[self.rest.len() - 1];
        let at = |trace: &Trace| {
            let after_ms = trace.epoch_ms.unwrap_or(first).saturating_sub(first);
            Duration::from_secs_f64(after_ms as f64 / 1e3 / speed)
        };
        sleep(at(next).saturating_sub(began.elapsed()));
        let horizon = began.elapsed() + TICK;
        let due = self
            .rest
            .iter()
            .rev()
            .take(most)
            .take_while(|trace| at(trace) <= horizon)
            .count();
        due.max(1)
    }
}

impl Iterator for Pace {
    type Item = Vec<Trace>;

    fn next(&mut self) -> Option<Vec<Trace>> {
        if self.rest.is_empty() {
            return None;
        }
        let due = self.due();
        let mut batch = self.rest.split_off(self.rest.len() - due);
        batch.reverse();
        Some(batch)
    }
}
