use std::time::Duration;

use super::{Failed, Mode};

/// How a warm-up went.
#[derive(Debug, Default)]
pub struct Report {
    /// What was to be done.
    pub mode: Mode,
    /// How long all of it took.
    pub elapsed: Duration,
    /// Each ping, stage two after stage one.
    pub pinged: Vec<Pinged>,
}

/// When a ping was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Alone.
    One = 1,
    /// With as many others as its pool has connections.
    Two = 2,
}

/// What became of a ping in one stage.
#[derive(Debug, PartialEq, Eq)]
pub struct Pinged {
    /// The ping's name.
    pub name: &'static str,
    /// The stage.
    pub stage: Stage,
    /// Until the last one was answered or failed.
    pub elapsed: Duration,
    /// How many there were; where only connections are opened, one that is not sent.
    pub sent: usize,
    /// Why each that failed did.
    pub failed: Vec<Failed>,
}

impl Pinged {
    pub(super) fn new(
        name: &'static str,
        stage: Stage,
        elapsed: Duration,
        answered: Vec<Result<(), Failed>>,
    ) -> Self {
        Self {
            name,
            stage,
            elapsed,
            sent: answered.len(),
            failed: answered.into_iter().filter_map(Result::err).collect(),
        }
    }

    fn log(&self) {
        let Self { name, sent, .. } = self;
        let (stage, elapsed_ms) = (self.stage as u8, milliseconds(self.elapsed));
        match self.failed.last() {
            None => tracing::info!(ping = name, stage, sent, elapsed_ms, "pinged"),
            Some(Failed { code, detail }) => tracing::warn!(
                ping = name,
                stage,
                sent,
                failed = self.failed.len(),
                elapsed_ms,
                code,
                detail,
                "a ping failed"
            ),
        }
    }
}

impl Report {
    /// Whether nothing was to be done.
    pub(super) fn is_empty(&self) -> bool {
        self.pinged.is_empty()
    }

    /// Pings that failed, each as often as it did.
    pub fn failed(&self) -> usize {
        self.pinged.iter().map(|pinged| pinged.failed.len()).sum()
    }

    pub(super) fn log(&self) {
        if self.is_empty() {
            return;
        }
        self.pinged.iter().for_each(Pinged::log);
        tracing::info!(
            mode = %self.mode,
            elapsed_ms = milliseconds(self.elapsed),
            failed = self.failed(),
            "warmed up"
        );
    }
}

/// To the microsecond.
fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1_000.0
}
