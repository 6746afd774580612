//! The database's clock, read without asking it each time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::error::StoreError;
use crate::store::Store;

/// The database's clock, carried on by this machine's monotonic one: a step of
/// this machine's own time of day changes nothing.
///
/// It is never ahead of the database. The database read its clock before its
/// answer came, so at the answer its clock shows that reading or more; of
/// several answers the one that came soonest after its reading is the closest.
#[derive(Debug, Clone, Copy)]
pub struct DatabaseClock {
    reading: Timestamp,
    at: Instant,
}

impl DatabaseClock {
    /// Asks `samples` times. What is left of the error is the fastest answer's way
    /// back, and with SQLite, whose clock shows whole milliseconds, up to one more.
    ///
    /// # Errors
    /// What the store says.
    pub async fn measure(store: &mut impl Store, samples: usize) -> Result<Self, StoreError> {
        let mut best: Option<Self> = None;
        for _ in 0..samples.max(1) {
            let reading = store.now().await?;
            let sample = Self::read(reading, Instant::now());
            if best.is_none_or(|best| best.shown_at(sample.at) < sample.reading) {
                best = Some(sample);
            }
        }
        best.ok_or_else(|| StoreError::Unreadable("the database's clock".to_owned()))
    }

    /// From one answer: what the database's clock showed, and when that was here.
    pub fn read(reading: Timestamp, at: Instant) -> Self {
        Self { reading, at }
    }

    /// What the database's clock shows now, or a little less.
    pub fn now(&self) -> Timestamp {
        self.shown_at(Instant::now())
    }

    /// When the database's clock shows `instant`, or a little later; the time of
    /// the measurement for whatever was before it.
    pub fn when(&self, instant: Timestamp) -> Instant {
        self.at + ahead(instant, self.reading)
    }

    /// How far the database's clock is ahead of this machine's time of day, in ms.
    pub fn offset_ms(&self) -> i64 {
        let offset = self.now().duration_since(Timestamp::now());
        i64::try_from(offset.as_millis()).unwrap_or(i64::MAX)
    }

    /// What the database's clock shows at `instant`, or a little less.
    pub fn shown_at(&self, instant: Instant) -> Timestamp {
        let passed = SignedDuration::try_from(instant.saturating_duration_since(self.at));
        // A reading close to year 9999 stays there.
        passed
            .ok()
            .and_then(|passed| self.reading.checked_add(passed).ok())
            .unwrap_or(self.reading)
    }
}

/// How far `instant` is ahead of `now`; nothing when it is past.
pub fn ahead(instant: Timestamp, now: Timestamp) -> Duration {
    instant.duration_since(now).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_goes_on_with_the_monotonic_clock() {
        let reading: Timestamp = "2026-11-24T10:29:58Z".parse().expect("a time");
        let clock = DatabaseClock::read(reading, Instant::now());
        let begin = reading + SignedDuration::from_secs(2);
        assert_eq!(clock.when(begin), clock.at + Duration::from_secs(2));
        assert_eq!(clock.shown_at(clock.when(begin)), begin);
        let past = reading - SignedDuration::from_secs(2);
        assert_eq!(clock.when(past), clock.at);
    }
}
