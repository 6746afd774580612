//! Time, from outside: this machine's two clocks.

use jiff::Timestamp;
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
