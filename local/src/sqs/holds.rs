//! Messages that are held back: until when, and on whose wish.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;

/// Why and how long a message is not visible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hold {
    pub until: Instant,
    /// By its sender's delay, not by a receiver.
    pub delayed: bool,
}

/// At most one hold a message.
#[derive(Debug, Default)]
pub struct Holds {
    by_message: BTreeMap<u64, Hold>,
    by_time: BTreeSet<(Instant, u64)>,
    delayed: usize,
}

impl Holds {
    /// Holds a message that is not held.
    pub fn add(&mut self, sequence: u64, hold: Hold) {
        self.by_message.insert(sequence, hold);
        self.by_time.insert((hold.until, sequence));
        self.delayed += usize::from(hold.delayed);
    }

    /// Lets go of a message, if it is held.
    pub fn remove(&mut self, sequence: u64) {
        if let Some(hold) = self.by_message.remove(&sequence) {
            self.by_time.remove(&(hold.until, sequence));
            self.delayed -= usize::from(hold.delayed);
        }
    }

    /// The message whose hold ends first, and when.
    pub fn first(&self) -> Option<(Instant, u64)> {
        self.by_time.first().copied()
    }

    /// Whether a receiver has the message.
    pub fn is_in_flight(&self, sequence: u64) -> bool {
        self.by_message.get(&sequence).is_some_and(|hold| !hold.delayed)
    }

    /// Messages that a receiver has.
    pub fn in_flight(&self) -> usize {
        self.by_message.len() - self.delayed
    }

    /// Messages that their sender delayed.
    pub fn delayed(&self) -> usize {
        self.delayed
    }
}
