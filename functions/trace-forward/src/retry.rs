//! Failed records until they are sent again.

use shared::backoff::FullJitter;
use tokio::time::Instant;

/// Failed records wait together, so that they travel in few calls: the first
/// to fail sets the time, and those that fail until then join it. Full jitter
/// may draw no delay at all, so joining late breaks no promise.
#[derive(Debug)]
pub struct RetryQueue {
    backoff: FullJitter,
    records: Vec<usize>,
    due: Option<Instant>,
}

impl RetryQueue {
    /// Nothing waits yet.
    pub fn new(backoff: FullJitter) -> Self {
        Self {
            backoff,
            records: Vec::new(),
            due: None,
        }
    }

    /// `records` failed; the one that was sent most often was sent `attempts` times.
    pub fn add(&mut self, records: Vec<usize>, attempts: u32, now: Instant) {
        let delay = self.backoff.delay(attempts.saturating_sub(1));
        self.due.get_or_insert(now + delay);
        self.records.extend(records);
    }

    /// When the waiting records are to be sent again.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// The waiting records, if their time has come.
    pub fn take_due(&mut self, now: Instant) -> Vec<usize> {
        if self.due.is_none_or(|due| due > now) {
            return Vec::new();
        }
        self.due = None;
        std::mem::take(&mut self.records)
    }

    /// Nothing waits any more.
    pub fn clear(&mut self) {
        self.records.clear();
        self.due = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_first_failure_sets_the_time_and_later_ones_join() {
        let mut queue = RetryQueue::new(FullJitter {
            base: SECOND,
            cap: 8 * SECOND,
        });
        let now = Instant::now();
        queue.add(vec![1, 2], 1, now);
        let due = queue.due().expect("a time");
        assert!((now..=now + SECOND).contains(&due));
        queue.add(vec![7], 4, now);
        assert_eq!(queue.due(), Some(due));
        assert!(queue.take_due(due - Duration::from_nanos(1)).is_empty());
        assert_eq!(queue.take_due(due), [1, 2, 7]);
        assert_eq!((queue.due(), queue.take_due(due).len()), (None, 0));
    }

    #[test]
    fn the_window_grows_with_attempts() {
        let longest = |attempts| {
            let now = Instant::now();
            let delays = (0..200).map(|_| {
                let mut queue = RetryQueue::new(FullJitter {
                    base: SECOND,
                    cap: 8 * SECOND,
                });
                queue.add(vec![0], attempts, now);
                queue.due().expect("a time") - now
            });
            delays.max().expect("200 delays")
        };
        assert!(longest(1) <= SECOND);
        // 200 draws below an eighth of the window: 8^-200.
        assert!((SECOND..=8 * SECOND).contains(&longest(4)));
    }
}
