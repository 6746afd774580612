//! Time, from outside: this machine's two clocks.

use jiff::Timestamp;
use tokio::time::{Instant, timeout_at};

/// This machine's clocks.
pub trait Clock: Clone + Send + Sync + 'static {
    /// The monotonic one.
    fn now(&self) -> Instant;
    /// The time of day: only for what has to do without the database's.
    fn wall(&self) -> Timestamp;
    /// Waits until then; not at all when it is past.
    fn until(&self, instant: Instant) -> impl Future<Output = ()> + Send;
    /// What `work` comes to; `None`, and the work dropped, if `deadline` is sooner.
    fn by<F>(&self, deadline: Instant, work: F) -> impl Future<Output = Option<F::Output>> + Send
    where
        F: Future<Output: Send> + Send;
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

    async fn by<F>(&self, deadline: Instant, work: F) -> Option<F::Output>
    where
        F: Future<Output: Send> + Send,
    {
        timeout_at(deadline, work).await.ok()
    }
}
