//! What goes into the store's verbs and comes out.

use std::time::Duration;

use jiff::Timestamp;

use super::run::{Figures, RunState};

/// A lesson that opens at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Due {
    /// When it opens.
    pub publish_at: Timestamp,
    /// `lesson.id`.
    pub id: i64,
}

/// Lessons of one instant that one statement opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// When they open.
    pub publish_at: Timestamp,
    /// Their ids, ascending: all statements lock rows in the same order.
    pub ids: Vec<i64>,
}

/// The right to publish a run, as long as its number is the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// `publish_run.id`.
    pub run: i64,
    /// `publish_run.term`.
    pub number: i64,
}

/// The answer to [`take`](super::Store::take).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// The run is yours, and this is what those before you did.
    Held(Term, RunState, Figures),
    /// Somebody else has it; his lease ends this long from now unless renewed.
    Busy(Duration),
    /// There is nothing left to do.
    Done,
}

/// Lessons that should be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overdue {
    /// How many.
    pub count: i64,
    /// The instant of the one that has waited longest.
    pub oldest: Option<Timestamp>,
}

/// How far the publisher of a slot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotReport {
    /// What it has written down.
    pub state: RunState,
    /// Whether its lease has not expired.
    pub alive: bool,
}
