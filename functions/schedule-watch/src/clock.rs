//! Time, from outside: this machine's two clocks, and the database's.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// This machine's clocks.
pub trait Clock: Clone + Send + Sync + 'static {
    /// The monotonic one.
    fn now(&self) -> Instant;
    /// The time of day: only for what has to do without the database's.
    fn wall(&self) -> Timestamp;
    /// Waits until then; not at all when it is past.
    fn until(&self, instant: Instant) -> impl Future<Output = ()> + Send;
}

/// The real ones.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn until(&self, instant: Instant) {
        tokio::time::sleep_until(instant).await;
    }
}

/// A reading of the database's clock, carried on by this machine's monotonic
/// one. It is never ahead of the database, which read its clock before its
/// answer came.
#[derive(Debug, Clone, Copy)]
pub struct DatabaseTime {
    /// What the database's clock showed.
    pub reading: Timestamp,
    /// When its answer was here.
    pub at: Instant,
}

impl DatabaseTime {
    /// What the database's clock shows at `instant`, or a little less.
    pub fn shown_at(&self, instant: Instant) -> Timestamp {
        let passed = SignedDuration::try_from(instant.saturating_duration_since(self.at));
        // A reading close to year 9999 stays there.
        passed
            .ok()
            .and_then(|passed| self.reading.checked_add(passed).ok())
            .unwrap_or(self.reading)
    }

    /// When the database's clock shows `instant`; the time of the reading for
    /// whatever was before it.
    pub fn when(&self, instant: Timestamp) -> Instant {
        self.at + ahead(instant, self.reading)
    }
}

/// How far `instant` is ahead of `now`; nothing when it is past.
pub fn ahead(instant: Timestamp, now: Timestamp) -> std::time::Duration {
    instant.duration_since(now).try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_reading_goes_on_with_the_monotonic_clock() {
        let reading: Timestamp = "2026-11-24T10:29:58Z".parse().expect("a time");
        let time = DatabaseTime {
            reading,
            at: Instant::now(),
        };
        let begin = reading + SignedDuration::from_secs(2);
        assert_eq!(time.when(begin), time.at + Duration::from_secs(2));
        assert_eq!(time.shown_at(time.when(begin)), begin);
        let past = reading - SignedDuration::from_secs(2);
        assert_eq!(time.when(past), time.at);
    }
}
