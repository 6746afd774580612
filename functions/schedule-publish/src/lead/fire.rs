//! Firing what is due.

use lessons::StoreError;
use lessons::store::{Due, RunState, Stores};
use tokio::time::{Instant, sleep_until};

use super::{AHEAD, Lead, look};
use crate::error::PublishError;
use crate::plan;
use crate::volley::Volley;

impl<S: Stores> Lead<S> {
    /// Fires what is due up to a little after the next instant; `false` when
    /// another has the newest term.
    pub(super) async fn volley(&mut self, store: &mut S::Store, due: &[Due]) -> Result<bool, PublishError> {
        let now = self.clock.now();
        let horizon = due.first().map_or(now, |first| first.publish_at.max(now)) + AHEAD;
        let soon = due.partition_point(|due| due.publish_at <= horizon);
        let fired = self.fire(&due[..soon]).await?;
        fired.add_to(&mut self.figures);
        self.hold_error = self.hold_error.max(fired.hold_error);
        if fired.published == 0 {
            // Moved, cancelled, locked, fenced off, or a clock that stepped back:
            // none is worth a busy loop.
            sleep_until(Instant::now() + look::PAUSE).await;
            self.measure(store).await?;
        }
        Ok(self.record(store, RunState::Published).await?)
    }

    pub(super) async fn fire(&mut self, due: &[Due]) -> Result<Volley, StoreError> {
        let chunks = plan::chunks(due, self.config.chunk);
        self.crew.connect(chunks.len()).await?;
        let fired = self.crew.fire(chunks, self.term, self.clock, &self.lease).await;
        if let Some(error) = &fired.lost {
            tracing::warn!(tag = error.tag(), "a connection broke while firing: {error}");
        }
        Ok(fired)
    }
}
