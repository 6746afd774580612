//! Linking on a connection of its own: a piece that fails stops no other.

use std::collections::VecDeque;
use std::time::Duration;

use lessons::clock::DatabaseClock;
use lessons::store::{Moved, Stores};
use lessons::time::Slot;
use lessons::{Store as _, StoreError};
use tokio::time::{Instant, sleep, timeout_at};

use super::Limits;
use super::jobs::{self, Job};
use super::lesson::View;
use super::plan::Plan;

/// After a piece that failed, or that found lessons locked; longer each time, as a
/// piece may read all that is due.
const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A piece of later slots is tried so often, and then left to the next wake.
const ATTEMPTS: u32 = 5;

/// Linking under way.
pub(super) struct Work<S: Stores> {
    stores: S,
    store: Option<S::Store>,
    slot: Slot,
    clock: DatabaseClock,
    limits: Limits,
}

impl<S: Stores> Work<S> {
    pub fn new(stores: S, slot: Slot, clock: DatabaseClock, limits: Limits) -> Self {
        Self {
            stores,
            store: None,
            slot,
            clock,
            limits,
        }
    }

    /// What there is to do; `None` when it cannot be known in time.
    pub async fn plan(&mut self) -> Option<Plan> {
        while Instant::now() < self.limits.slot {
            let planned = timeout_at(self.limits.slot, self.try_plan()).await.ok()?;
            match planned {
                Ok(plan) => return Some(plan),
                Err(error) if error.is_transient() => self.warn(&error).await,
                Err(error) => {
                    self.give_up(&error);
                    return None;
                }
            }
        }
        None
    }

    /// Goes through the pieces, and writes down what need not be looked at again.
    pub async fn carry_out(&mut self, mut plan: Plan) {
        let (mut linked, mut all) = (0, true);
        let mut jobs: VecDeque<(Job, u32)> = plan.jobs.drain(..).map(|job| (job, 1)).collect();
        while let Some((job, attempt)) = jobs.pop_front() {
            let limit = self.limit(job);
            let done = match limit > Instant::now() {
                true => timeout_at(limit, self.piece(job, &plan)).await.ok(),
                false => None,
            };
            match done {
                Some(Ok(Moved { moved, left: 0 })) => linked += moved,
                Some(Ok(Moved { moved, .. })) => {
                    linked += moved;
                    tracing::debug!(?job, attempt, "lessons to be linked are locked");
                    sleep((PAUSE * attempt).min(LONGEST_PAUSE)).await;
                    all &= self.again(job, attempt, &mut jobs);
                }
                Some(Err(error)) if error.is_transient() => {
                    self.warn(&error).await;
                    all &= self.again(job, attempt, &mut jobs);
                }
                Some(Err(error)) => {
                    self.give_up(&error);
                    all = false;
                }
                None => {
                    self.store = None;
                    all = false;
                }
            }
        }
        if linked > 0 {
            tracing::info!(linked, slot = %self.slot.begin, "lessons got their instants from their settings");
        }
        if all && let Err(error) = self.mark(plan.newest).await {
            self.warn(&error).await;
        }
    }

    async fn try_plan(&mut self) -> Result<Plan, StoreError> {
        let view = self.view();
        Plan::make(self.store().await?, view).await
    }

    async fn piece(&mut self, job: Job, plan: &Plan) -> Result<Moved, StoreError> {
        let view = self.view();
        let store = self.store().await?;
        let moved = jobs::carry_out(job, store, &plan.centers, view).await?;
        if let Job::Center(center) = job
            && moved.left == 0
            && plan.changed.contains(&center)
        {
            store.mark_center(center, plan.digest(center)).await?;
        }
        Ok(moved)
    }

    /// Puts a piece back; `false` if it is given up.
    fn again(&self, job: Job, attempt: u32, jobs: &mut VecDeque<(Job, u32)>) -> bool {
        let again = !matches!(job, Job::Center(_)) || attempt < ATTEMPTS;
        if again {
            jobs.push_back((job, attempt + 1));
        }
        again
    }

    fn limit(&self, job: Job) -> Instant {
        match job {
            Job::Center(_) => self.limits.ahead,
            Job::Check | Job::Week(..) => self.limits.slot,
        }
    }

    fn view(&self) -> View {
        View {
            slot: self.slot,
            now: self.clock.now(),
        }
    }

    async fn mark(&mut self, newest: i64) -> Result<(), StoreError> {
        let limit = self.limits.ahead;
        let marked = timeout_at(limit, async { self.store().await?.mark_newest(newest).await });
        marked.await.unwrap_or(Ok(()))
    }

    async fn store(&mut self) -> Result<&mut S::Store, StoreError> {
        match &mut self.store {
            Some(store) => Ok(store),
            none => Ok(none.insert(self.stores.open().await?)),
        }
    }

    async fn warn(&mut self, error: &StoreError) {
        tracing::warn!(tag = error.tag(), slot = %self.slot.begin, "linking tries again: {error}");
        if !matches!(error, StoreError::Busy(_)) {
            self.store = None;
        }
        sleep(PAUSE).await;
    }

    fn give_up(&mut self, error: &StoreError) {
        tracing::error!(tag = "linking", slot = %self.slot.begin, "some lessons are not linked: {error}");
        self.store = None;
    }
}
