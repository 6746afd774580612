//! The database's clock, read without asking it each time.

use jiff::{SignedDuration, Timestamp};
use lessons::{Store, StoreError};
use tokio::time::Instant;

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
            let sample = Self {
                reading,
                at: Instant::now(),
            };
            if best.is_none_or(|best| best.reading_at(sample.at) < sample.reading) {
                best = Some(sample);
            }
        }
        best.ok_or_else(|| StoreError::Unreadable("the database's clock".to_owned()))
    }

    /// What the database's clock shows now, or a little less.
    pub fn now(&self) -> Timestamp {
        self.reading_at(Instant::now())
    }

    /// When the database's clock shows `instant`, or a little later; the time of
    /// the measurement for whatever was before it.
    pub fn when(&self, instant: Timestamp) -> Instant {
        let ahead = instant.duration_since(self.reading);
        match ahead.is_positive() {
            true => self.at + ahead.unsigned_abs(),
            false => self.at,
        }
    }

    /// How far the database's clock is ahead of this machine's time of day, in ms.
    pub fn offset_ms(&self) -> i64 {
        let offset = self.now().duration_since(Timestamp::now());
        i64::try_from(offset.as_millis()).unwrap_or(i64::MAX)
    }

    fn reading_at(&self, instant: Instant) -> Timestamp {
        let passed = SignedDuration::try_from(instant.saturating_duration_since(self.at));
        // A reading close to year 9999 stays there.
        passed
            .ok()
            .and_then(|passed| self.reading.checked_add(passed).ok())
            .unwrap_or(self.reading)
    }
}
