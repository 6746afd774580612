//! What the function answers.

use std::time::Duration;

use jiff::Timestamp;
use lessons::store::{Figures, Report};
use lessons::time::Slot;
use serde::Serialize;

/// The answer, by the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To a slot.
    Slot(SlotAnswer),
    /// To a replay.
    Replay(ReplayAnswer),
    /// To a replay's dry run.
    DryRun(DryRunAnswer),
}

/// What a slot's run has come to, whichever wake did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlotAnswer {
    /// Begin of the minute.
    pub slot: Timestamp,
    /// `publish_run.id`.
    pub run: i64,
    /// How many holders the run has had.
    pub term: i64,
    /// Whether this invocation was the last of them.
    pub holder: bool,
    /// The figures.
    #[serde(flatten)]
    pub figures: FiguresAnswer,
    /// The longest that this holder sent a statement after its instant, where it waited
    /// for one; for metrics.
    #[serde(skip)]
    pub hold_error: Option<Duration>,
}

/// A run's figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FiguresAnswer {
    /// Lessons that were to open when it fired.
    pub planned: u64,
    /// Lessons that it opened.
    pub published: u64,
    /// Of these, those more than 5 s after their instant.
    pub late: u64,
    /// Of these, those of earlier slots that had been missed.
    pub recovered: u64,
    /// First commit after its lessons' instant, in ms; null when it opened none.
    pub first_commit_late_ms: Option<i64>,
    /// Last commit after its lessons' instant, in ms; null when it opened none.
    pub last_commit_late_ms: Option<i64>,
    /// The database's clock minus the publisher's, in ms; for metrics.
    #[serde(skip)]
    pub clock_offset_ms: Option<i64>,
}

/// What a replay did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplayAnswer {
    /// Begin of its span.
    pub from: Timestamp,
    /// End of its span.
    pub to: Timestamp,
    /// `publish_run.id`.
    pub run: i64,
    /// Lessons of the span that are still not open: time ran out, somebody keeps
    /// them locked, or their instant has not come.
    pub remaining: i64,
    /// The figures.
    #[serde(flatten)]
    pub figures: FiguresAnswer,
}

/// What a replay would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DryRunAnswer {
    /// Begin of its span.
    pub from: Timestamp,
    /// End of its span.
    pub to: Timestamp,
    /// Always true.
    pub dry_run: bool,
    /// Lessons that it would open.
    pub would_publish: u64,
    /// The same by minute, oldest first.
    pub slots: Vec<DryRunSlot>,
}

/// One minute of a dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DryRunSlot {
    /// Begin of the minute.
    pub slot: Timestamp,
    /// Lessons that would open.
    pub lessons: u64,
}

impl From<Figures> for FiguresAnswer {
    fn from(figures: Figures) -> Self {
        Self {
            planned: figures.planned,
            published: figures.published,
            late: figures.late,
            recovered: figures.recovered,
            first_commit_late_ms: figures.first_commit_late_ms,
            last_commit_late_ms: figures.last_commit_late_ms,
            clock_offset_ms: figures.clock_offset_ms,
        }
    }
}

impl SlotAnswer {
    /// From the run as the tables have it.
    pub fn of(report: Report, holder: bool) -> Self {
        Self {
            slot: report.slot,
            run: report.run,
            term: report.term,
            holder,
            figures: report.figures.into(),
            hold_error: None,
        }
    }
}

impl DryRunAnswer {
    /// From the instants of what is overdue, and how many lessons each has.
    pub fn of(span: Slot, instants: &[(Timestamp, u64)]) -> Self {
        let minute = |instant: Timestamp| Slot::minute_of(instant).begin;
        let count = |instants: &[(Timestamp, u64)]| instants.iter().map(|(_, lessons)| lessons).sum();
        let slots = instants.chunk_by(|one, next| minute(one.0) == minute(next.0));
        Self {
            from: span.begin,
            to: span.end,
            dry_run: true,
            would_publish: count(instants),
            slots: slots
                .map(|instants| DryRunSlot {
                    slot: minute(instants[0].0),
                    lessons: count(instants),
                })
                .collect(),
        }
    }
}
