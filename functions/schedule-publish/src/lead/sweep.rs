//! Recovery: lessons of earlier slots that nobody has opened.

use std::time::Duration;

use jiff::Timestamp;
use lessons::StoreError;
use lessons::store::{RunState, Store as _, Stores, Take};
use lessons::time::Slot;
use tokio::time::Instant;

use super::{Lead, look};
use crate::volley::LATE_MS;

/// Lambda repeats a failed event after one minute, and again after two.
const ABANDONED_MS: i64 = 300_000;

impl<S: Stores> Lead<S> {
    /// Opens what is overdue, oldest first, as many as a run may and until `stop`: a
    /// long outage is worked off over several slots, and none of their own lessons
    /// waits for it. What somebody is publishing now is his.
    pub(super) async fn sweep(&mut self, store: &mut S::Store, stop: Instant) -> Result<(), StoreError> {
        let live = store.earliest_live(self.term.run).await?;
        let before = self.slot.begin.min(look::ago(&self.clock, LATE_MS));
        let before = live.map_or(before, |live| before.min(live));
        while Instant::now() < stop {
            let recovered = usize::try_from(self.figures.recovered).unwrap_or(usize::MAX);
            let limit = self.config.recovery_limit.saturating_sub(recovered);
            let limit = limit.min(self.config.chunk.get() * self.config.connections.get());
            let overdue = store.overdue(Timestamp::UNIX_EPOCH, before, limit).await?;
            let Some(oldest) = overdue.first().map(|due| due.publish_at) else {
                break;
            };
            let fired = self.fire(&overdue).await?;
            if fired.published == 0 {
                break;
            }
            self.figures.published += fired.published;
            self.figures.recovered += fired.published;
            self.figures.late += fired.published;
            tracing::warn!(
                tag = "recovered",
                overdue = overdue.len(),
                published = fired.published,
                %oldest,
                "opened lessons of slots that had been missed"
            );
            store.record(&self.term, self.state, &self.figures).await?;
        }
        Ok(())
    }

    /// Ends the runs whose holders all died: what they opened is counted, and
    /// none of them can come back and open more.
    pub(super) async fn end_abandoned(&self, store: &mut S::Store) -> Result<(), StoreError> {
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
