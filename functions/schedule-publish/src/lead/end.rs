//! The end of a run, and of those that nobody ended.

use std::time::Duration;

use lessons::StoreError;
use lessons::store::{RunState, Store as _, Stores, Take};
use lessons::time::Slot;
use tokio::time::Instant;

use super::{Ended, Lead, look};
use crate::error::PublishError;

/// Lambda repeats a failed event after one minute, and again after two.
const ABANDONED_MS: i64 = 300_000;

impl<S: Stores> Lead<S> {
    pub(super) async fn finish(
        &mut self,
        store: &mut S::Store,
        left: usize,
        until: Instant,
    ) -> Result<Ended, PublishError> {
        if left > 0 {
            tracing::warn!(tag = "unpublished", left, slot = %self.slot.begin, "out of time; the next slot's run goes on");
        }
        self.sweep(store, until).await?;
        if let Err(error) = self.end_abandoned(store).await {
            // Another run's end is no reason not to write down this one's.
            tracing::warn!(tag = error.tag(), "earlier runs could not be ended: {error}");
        }
        // A holder before this one may have fired and not told.
        let opened = store.opened(self.term.run, self.slot).await?;
        self.figures.published = self.figures.recovered + opened;
        match self.record(store, RunState::Done).await? {
            true => Ok(Ended::Done {
                hold_error: self.hold_error,
            }),
            false => Ok(Ended::Lost),
        }
    }

    /// Ends the runs whose holders all died: what they opened is counted, and
    /// none of them can come back and open more.
    async fn end_abandoned(&self, store: &mut S::Store) -> Result<(), StoreError> {
        // Long enough for a retry of the slot's own wakes.
        let before = look::ago(&self.clock, ABANDONED_MS);
        for run in store.abandoned(before).await? {
            let Take::Held(term, _, mut figures) = store
                .take(run, &format!("run {}", self.term.run), Duration::ZERO)
                .await?
            else {
                continue;
            };
            let report = store.report(run).await?;
            let slot = match report.replay_to {
                Some(end) => Slot {
                    begin: report.slot,
                    end,
                },
                None => Slot::minute_of(report.slot),
            };
            figures.published = figures.recovered + store.opened(run, slot).await?;
            store.record(&term, RunState::Done, &figures).await?;
            tracing::warn!(tag = "abandoned", run, slot = %slot.begin, published = figures.published,
                "ended a run that all its wakes had left");
        }
        Ok(())
    }
}
