//! Linking beside publishing.

use std::time::Duration;

use lessons::clock::DatabaseClock;
use lessons::store::Stores;
use lessons::time::Slot;
use lessons::{Store, StoreError};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use crate::link::{Limits, link};

/// Time that linking leaves for what comes after it.
const LEAVES: Duration = Duration::from_secs(5);
/// Time for the slot's own lessons at a wake that comes after its end.
const LATE: Duration = Duration::from_secs(10);
/// A connection that waits for linking says something this often: servers and
/// proxies end what is idle.
const TOUCH: Duration = Duration::from_secs(20);

/// The task; it ends with this.
pub(super) struct Linking {
    task: JoinSet<()>,
    limits: Limits,
}

impl Linking {
    /// Begins to link for a slot.
    pub fn start(stores: impl Stores, slot: Slot, clock: DatabaseClock) -> Self {
        let begin = clock.when(slot.begin);
        let limits = Limits {
            ahead: begin.checked_sub(LEAVES).unwrap_or(begin),
            slot: clock.when(slot.end).max(Instant::now() + LATE),
        };
        let mut task = JoinSet::new();
        task.spawn(link(stores, slot, clock, limits).in_current_span());
        Self { task, limits }
    }

    /// Waits for it, as long as there is time before the slot. What it links later
    /// is found by the looks during the slot.
    pub async fn before_the_slot(&mut self, store: &mut impl Store) -> Result<(), StoreError> {
        while !self
            .ended_by((Instant::now() + TOUCH).min(self.limits.ahead))
            .await
        {
            if Instant::now() >= self.limits.ahead {
                break;
            }
            store.now().await?;
        }
        Ok(())
    }

    /// Waits for what is left of it.
    pub async fn until_the_end(&mut self, until: Instant) {
        if !self.ended_by(self.limits.slot.min(until)).await {
            self.task.shutdown().await;
        }
    }

    /// Whether there is nothing to wait for.
    pub fn has_ended(&self) -> bool {
        self.task.is_empty()
    }

    async fn ended_by(&mut self, limit: Instant) -> bool {
        match timeout_at(limit, self.task.join_next()).await {
            Ok(Some(Err(error))) => tracing::error!(tag = "linking", "linking broke off: {error}"),
            Ok(_) => {}
            Err(_) => return false,
        }
        self.task.is_empty()
    }
}
