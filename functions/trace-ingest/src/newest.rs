//! The newest position of each agent, for live readers.
//!
//! Best effort: it runs beside the queue and never in its way. Down, slow,
//! full or restarted, it costs a request at most its budget (20 ms), and after
//! a failure nothing at all for [`PAUSE`].

mod keys;
mod valkey;

pub use keys::Keys;
pub use valkey::ValkeyNewest;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, timeout};

use crate::trace::Position;

/// How long a failing store is left alone.
pub const PAUSE: Duration = Duration::from_secs(1);

/// A store of newest positions.
pub trait NewestPositions: Send + Sync {
    /// Writes those of `positions` that are newer than what is known. The error
    /// is a code for the log.
    fn update(&self, positions: Vec<Position>) -> impl Future<Output = Result<(), String>> + Send;
}

/// What became of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No store is configured, or there was nothing to write.
    Off,
    /// Written.
    Written,
    /// Not within the budget.
    Late,
    /// Refused; the reason was logged.
    Failed,
    /// Not tried, so soon after a failure.
    Paused,
}

/// A store, the time that it may take, and when it may be tried again.
#[derive(Debug)]
pub struct Guarded<S> {
    store: Option<S>,
    budget: Duration,
    paused_until: Mutex<Option<Instant>>,
}

impl<S: NewestPositions> Guarded<S> {
    /// Guards a store; none is fine.
    pub fn new(store: Option<S>, budget: Duration) -> Self {
        let paused_until = Mutex::new(None);
        Self {
            store,
            budget,
            paused_until,
        }
    }

    /// Updates the store within the budget. Never fails.
    pub async fn update(&self, positions: Vec<Position>) -> Outcome {
        let Some(store) = self.store.as_ref().filter(|_| !positions.is_empty()) else {
            return Outcome::Off;
        };
        if self.paused_until().is_some_and(|until| Instant::now() < until) {
            return Outcome::Paused;
        }
        let outcome = match timeout(self.budget, store.update(positions)).await {
            Ok(Ok(())) => return Outcome::Written,
            Ok(Err(error)) => {
                tracing::warn!(error, "newest positions were not written");
                Outcome::Failed
            }
            Err(_) => Outcome::Late,
        };
        *self.paused_until() = Some(Instant::now() + PAUSE);
        outcome
    }

    fn paused_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.paused_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
