//! What one queue knows about its messages without their bodies: which may be
//! received now, which are held back and until when.
//!
//! Pure: no I/O, and the time is an argument. It is monotonic, so that a jump
//! of the wall clock neither releases nor strands a message.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::holds::{Hold, Holds};
use super::row::Row;
use super::take::{Depth, Take, Taken};

/// The service's limit for messages in flight in one standard queue.
pub const MAX_IN_FLIGHT: usize = 120_000;

#[derive(Debug)]
struct Entry {
    sent: Instant,
    row: Row,
}

#[derive(Debug, Default)]
pub struct Index {
    entries: BTreeMap<u64, Entry>,
    visible: BTreeSet<u64>,
    holds: Holds,
    /// A message that came from another queue is older than its neighbours.
    by_age: BTreeSet<(Instant, u64)>,
    /// Expired here and still on disk.
    expired: Vec<u64>,
}

impl Index {
    /// Adds a message sent at `sent`, visible after `delay` from `now`.
    pub fn push(&mut self, sequence: u64, row: Row, sent: Instant, now: Instant, delay: Duration) {
        self.entries.insert(sequence, Entry { sent, row });
        self.by_age.insert((sent, sequence));
        if delay.is_zero() {
            self.visible.insert(sequence);
        } else {
            let hold = Hold {
                until: now + delay,
                delayed: true,
            };
            self.holds.add(sequence, hold);
        }
    }

    /// Hides up to `take.max_messages` visible messages, oldest first.
    pub fn take(&mut self, now: Instant, now_ms: u64, take: Take) -> Taken {
        self.settle(now, take.retention);
        let mut taken = Taken::default();
        let mut bytes = 0;
        while taken.received.len() < take.max_messages {
            let Some((sequence, row)) = self.first_visible() else {
                break;
            };
            if take.max_receives.is_some_and(|max| row.receives >= max) {
                self.forget(sequence);
                taken.given_up.push((sequence, row));
                continue;
            }
            bytes += row.payload_bytes as usize;
            if !taken.received.is_empty() && bytes > take.max_bytes {
                break;
            }
            if self.holds.in_flight() >= MAX_IN_FLIGHT {
                taken.over_limit = true;
                break;
            }
            let row = row.received(now_ms);
            taken.received.push((sequence, row));
            self.visible.remove(&sequence);
            if let Some(entry) = self.entries.get_mut(&sequence) {
                entry.row = row;
            }
            let hold = Hold {
                until: now + take.visibility,
                delayed: false,
            };
            self.holds.add(sequence, hold);
        }
        taken
    }

    /// Removes a message for good if `receives` is its newest receive; an older
    /// handle does nothing, as in the service.
    pub fn delete(&mut self, sequence: u64, receives: u32) -> bool {
        let newest = self
            .entries
            .get(&sequence)
            .is_some_and(|entry| entry.row.receives == receives);
        if newest {
            self.forget(sequence);
        }
        newest
    }

    /// Hides a held message until `timeout` from `now`, or shows it at once.
    /// `false`: it is not held by this receive.
    pub fn change(&mut self, sequence: u64, receives: u32, now: Instant, timeout: Duration) -> bool {
        self.release(now);
        let newest = self
            .entries
            .get(&sequence)
            .is_some_and(|entry| entry.row.receives == receives);
        let in_flight = newest && self.holds.is_in_flight(sequence);
        if in_flight {
            self.holds.remove(sequence);
            if timeout.is_zero() {
                self.visible.insert(sequence);
            } else {
                let hold = Hold {
                    until: now + timeout,
                    delayed: false,
                };
                self.holds.add(sequence, hold);
            }
        }
        in_flight
    }

    /// Forgets everything, and says what there was.
    pub fn clear(&mut self) -> Vec<u64> {
        let mut gone = std::mem::take(self);
        gone.expired.extend(gone.entries.into_keys());
        gone.expired
    }

    /// When the next held message becomes visible.
    pub fn next_release(&self) -> Option<Instant> {
        self.holds.first().map(|(until, _)| until)
    }

    /// The counts as they are now.
    pub fn depth(&mut self, now: Instant, retention: Duration) -> Depth {
        self.settle(now, retention);
        Depth {
            visible: self.visible.len(),
            in_flight: self.holds.in_flight(),
            delayed: self.holds.delayed(),
            oldest_age: self.by_age.first().map(|(sent, _)| now - *sent),
        }
    }

    /// Expired messages that the caller is to remove from disk.
    pub fn drain_expired(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.expired)
    }

    fn first_visible(&self) -> Option<(u64, Row)> {
        let sequence = *self.visible.first()?;
        Some((sequence, self.entries.get(&sequence)?.row))
    }

    fn settle(&mut self, now: Instant, retention: Duration) {
        self.release(now);
        while let Some(&(sent, sequence)) = self.by_age.first()
            && now.duration_since(sent) >= retention
        {
            self.forget(sequence);
            self.expired.push(sequence);
        }
    }

    fn release(&mut self, now: Instant) {
        while let Some((until, sequence)) = self.holds.first()
            && until <= now
        {
            self.holds.remove(sequence);
            self.visible.insert(sequence);
        }
    }

    fn forget(&mut self, sequence: u64) {
        self.holds.remove(sequence);
        self.visible.remove(&sequence);
        if let Some(entry) = self.entries.remove(&sequence) {
            self.by_age.remove(&(entry.sent, sequence));
        }
    }
}
