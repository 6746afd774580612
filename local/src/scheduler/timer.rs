//! Which time of one schedule is due.
//!
//! EventBridge's clocks neither jump nor sleep: each time of a schedule happens
//! at least once, if need be late, up to the `MaximumEventAgeInSeconds` of its
//! retry policy. A laptop sleeps for a night, and then a schedule of every
//! minute would bring 500 events at once. So the last of the times that were
//! missed happens, if it is young enough, and the others do not.

use jiff::{SignedDuration, Timestamp};

use crate::schedule::Times;
use crate::template::{Schedule, ScheduleKind};

/// A clock that goes back by more was wrong before and is right now; what it
/// shows for the second time is another time. Up to here a time that happened
/// does not happen again.
const CORRECTION: SignedDuration = SignedDuration::from_mins(10);
const SECOND: SignedDuration = SignedDuration::from_secs(1);

#[derive(Debug)]
pub(super) struct Timer {
    times: Times,
    max_age: SignedDuration,
    created: Timestamp,
    /// When the clock was last looked at.
    seen: Timestamp,
    next: Option<Timestamp>,
}

/// What a look at the clock found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// The time that happens now.
    pub slot: Option<Timestamp>,
    /// Whether there were others before it.
    pub missed: bool,
}

impl Timer {
    /// A schedule that is created now. The Scheduler's rates begin at once, a
    /// rule's after their first period.
    pub fn new(schedule: &Schedule, now: Timestamp) -> Self {
        let created = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let from = match schedule.kind {
            ScheduleKind::Scheduler { .. } => created - SECOND,
            ScheduleKind::Rule => created,
        };
        Self {
            next: schedule.times.next(from, created),
            times: schedule.times.clone(),
            max_age: SignedDuration::try_from(schedule.max_age).unwrap_or(SignedDuration::MAX),
            created,
            seen: now,
        }
    }

    /// The next time that happens, if nothing else happens to the clock.
    pub fn next(&self) -> Option<Timestamp> {
        self.next
    }

    /// What is due now; each time at most once.
    pub fn due(&mut self, now: Timestamp) -> Option<Due> {
        if self.seen.duration_since(now) > CORRECTION {
            self.created = self.created.min(now);
            self.next = self.times.next(now, self.created);
        }
        self.seen = now;
        let first = self.next.filter(|next| *next <= now)?;
        let mut due = Due {
            slot: None,
            missed: false,
        };
        let oldest = now.checked_sub(self.max_age).unwrap_or(Timestamp::MIN);
        if first < oldest {
            due.missed = true;
            self.next = self.times.next(oldest - SECOND, self.created);
        }
        while let Some(slot) = self.next.filter(|next| *next <= now) {
            due.missed |= due.slot.replace(slot).is_some();
            self.next = self.times.next(slot, self.created);
        }
        Some(due)
    }
}
