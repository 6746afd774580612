//! Recovery: lessons of earlier slots that nobody has opened.

use std::time::Duration;

use jiff::Timestamp;
use lessons::store::{Store as _, Stores};
use lessons::{StoreError, within};
use tokio::time::Instant;

use super::{Lead, look};
use crate::volley::LATE_MS;

impl<S: Stores> Lead<S> {
    /// Opens what is overdue, oldest first, as many as a run may and until `stop`: a
    /// long outage is worked off over several slots, and none of their own lessons
    /// waits for it. What somebody is publishing now is his.
    pub(super) async fn sweep(&mut self, store: &mut S::Store, stop: Instant) -> Result<(), StoreError> {
        if Instant::now() >= stop {
            return Ok(());
        }
        let limit = self.limit(Duration::ZERO);
        let live = within(limit, store.earliest_live(self.term.run)).await?;
        let before = self.slot.begin.min(look::ago(&self.clock, LATE_MS));
        let before = live.map_or(before, |live| before.min(live));
        while Instant::now() < stop {
            let recovered = usize::try_from(self.figures.recovered).unwrap_or(usize::MAX);
            let limit = self.config.recovery_limit.saturating_sub(recovered);
            let limit = limit.min(self.config.chunk.get() * self.config.connections.get());
            let overdue = store.overdue(Timestamp::UNIX_EPOCH, before, limit);
            let overdue = within(self.limit(Duration::ZERO), overdue).await?;
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
}
