//! Lessons that open at once.

use std::fmt;

use ::lessons::Store as _;
use ::lessons::store::{RunState, SqlStore};
use ::lessons::time::Slot;
use indicatif::HumanCount;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::stage::Stage;
use super::watch;
use crate::console::{self, note};
use crate::generate::{self, At, Order};
use crate::progress;

const PUBLISHER: &str = "schedule-publish";
const CENTERS: u32 = 500;

/// What became of them. The figures are those of the slot's `publish_run`; none
/// where no publisher has reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Opening {
    /// When they were to open.
    pub at: Timestamp,
    /// How many were made.
    pub made: u64,
    /// Lessons of the slot that the publisher was going to open.
    pub planned: Option<u64>,
    /// Of those made, how many are open.
    pub opened: u64,
    /// Lessons of the run that opened more than 5 s after their instant.
    pub late: Option<u64>,
    /// First commit after the instant.
    pub first_commit_late_ms: Option<i64>,
    /// Last commit after the instant.
    pub last_commit_late_ms: Option<i64>,
}

impl Opening {
    /// How many are not open.
    pub fn missing(&self) -> u64 {
        self.made.saturating_sub(self.opened)
    }
}

/// Makes `count` lessons, waits for their instant and looks how they open.
pub(super) async fn act(stage: &Stage<'_>, count: u64, at: At) -> anyhow::Result<Opening> {
    let mut store = SqlStore::new(stage.tables.open().await?);
    let now = store.now().await?;
    let order = Order {
        rows: count,
        due: count,
        at: at.resolve(now, count),
        centers: CENTERS,
        // Others each time.
        seed: now.as_millisecond().unsigned_abs(),
    };
    let bar = progress::of("lessons", count);
    generate::fill(&mut store, &order, &bar).await?;
    bar.finish_and_clear();
    wake(stage, &mut store, order.at).await?;
    let opening = watch::watch(&mut store, order.at, count).await?;
    store.close().await;
    Ok(opening)
}

/// The schedules wake the publisher minutes ahead: in a stack that has just
/// started, nobody has the next minute. One more wake changes nothing else.
async fn wake(stage: &Stage<'_>, store: &mut SqlStore, at: Timestamp) -> anyhow::Result<()> {
    let slot = Slot::minute_of(at).begin;
    let report = store.slot_report(slot).await?;
    if report.is_some_and(|report| report.alive && report.state < RunState::Done) {
        return Ok(());
    }
    note(format!(
        "no wake has {slot} yet, as in the first minutes of a stack: waking {PUBLISHER}"
    ));
    console::flush();
    let event = json!({"slot": slot, "lead_minutes": 0});
    stage.stack.trigger(PUBLISHER, event.to_string().as_bytes())
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [opened, made] = [self.opened, self.made].map(HumanCount);
        write!(f, "{opened} of {made} lessons opened at {}", self.at)?;
        match (self.planned, self.first_commit_late_ms, self.last_commit_late_ms) {
            (None, ..) => write!(f, "; no publisher has reported"),
            (Some(planned), Some(first), Some(last)) => write!(
                f,
                ": {} planned, first commit {first} ms and last commit {last} ms after the instant",
                HumanCount(planned)
            ),
            (Some(planned), ..) => write!(f, ": {} planned, no commit on time", HumanCount(planned)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_is_told_in_a_line() {
        let opening = Opening {
            at: "2026-11-24T10:31:00Z".parse().expect("a time"),
            made: 10_000,
            planned: Some(10_000),
            opened: 10_000,
            late: Some(0),
            first_commit_late_ms: Some(9),
            last_commit_late_ms: Some(140),
        };
        assert_eq!(
            opening.to_string(),
            "10,000 of 10,000 lessons opened at 2026-11-24T10:31:00Z: 10,000 planned, first commit 9 ms and \
             last commit 140 ms after the instant"
        );
        let none = Opening {
            planned: None,
            opened: 3,
            ..opening
        };
        assert_eq!(
            none.to_string(),
            "3 of 10,000 lessons opened at 2026-11-24T10:31:00Z; no publisher has reported"
        );
        assert_eq!(none.missing(), 9_997);
    }
}
