//! What one look has seen, and whether it is right.

use jiff::{SignedDuration, Timestamp};
use lessons::{
    Store, StoreError,
    store::{IncidentKind, Overdue, RunState, SlotReport},
    time::Slot,
};
use serde::Serialize;

use crate::replay;

/// How long after its instant a lesson may open without being looked at.
pub const GRACE: SignedDuration = SignedDuration::from_secs(1);
/// The databases keep milliseconds.
const MILLISECOND: SignedDuration = SignedDuration::from_millis(1);

/// How far the publisher of a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Publisher {
    /// None has been there.
    Silent,
    /// One was there, and has planned nothing yet.
    Waiting,
    /// One knows what to open, and renews its lease.
    Planned,
    /// One had planned, and its lease has expired since.
    Abandoned,
    /// What was due is open.
    Published,
    /// The run has ended.
    Done,
    /// The database could not be read.
    Unknown,
}

impl Publisher {
    fn of(report: Option<SlotReport>) -> Self {
        match report {
            None => Self::Silent,
            Some(report) => match report.state {
                RunState::Waiting => Self::Waiting,
                RunState::Planned if report.alive => Self::Planned,
                RunState::Planned => Self::Abandoned,
                RunState::Published => Self::Published,
                RunState::Done => Self::Done,
            },
        }
    }

    /// The word in answers and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::Waiting => "waiting",
            Self::Planned => "planned",
            Self::Abandoned => "abandoned",
            Self::Published => "published",
            Self::Done => "done",
            Self::Unknown => "unknown",
        }
    }
}

/// The tables as one look found them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sight {
    /// The database's clock at the look.
    pub at: Timestamp,
    /// Lessons that should have opened [`GRACE`] before, or earlier, and have not.
    pub overdue: Overdue,
    /// How far the slot's publisher is.
    pub publisher: Publisher,
    /// When lessons of the slot open next that were too early to look at.
    pub next: Option<Timestamp>,
    /// Whether a replay that a watcher asked for is under way.
    pub replaying: bool,
}

impl Sight {
    /// Looks, at the time `at` of the database's clock.
    ///
    /// # Errors
    /// What the store says.
    pub async fn take(store: &mut impl Store, slot: Slot, at: Timestamp) -> Result<Self, StoreError> {
        // The instant that was a whole grace ago is part of it: at the first look
        // that is the slot's begin, when most lessons open.
        let before = at - GRACE + MILLISECOND;
        let overdue = store.overdue_count(before).await?;
        let publisher = Publisher::of(store.slot_report(slot.begin).await?);
        let next = match before < slot.end {
            true => store.next_due(before, slot.end).await?,
            false => None,
        };
        Ok(Self {
            at,
            overdue,
            publisher,
            next,
            replaying: overdue.count > 0 && store.is_replaying(replay::BY).await?,
        })
    }

    /// What is wrong, if anything is.
    pub fn finding(&self) -> Option<IncidentKind> {
        if self.overdue.count > 0 {
            return Some(IncidentKind::Overdue);
        }
        match self.publisher {
            Publisher::Planned | Publisher::Published | Publisher::Done => None,
            _ => Some(IncidentKind::Silent),
        }
    }

    /// How long the longest waiting lesson has waited, in ms; 0 when none does.
    pub fn worst_late_ms(&self) -> i64 {
        let waited = self.overdue.oldest.map(|oldest| self.at.duration_since(oldest));
        let ms = waited.map_or(0, |waited| waited.as_millis());
        i64::try_from(ms).unwrap_or(i64::MAX)
    }
}
