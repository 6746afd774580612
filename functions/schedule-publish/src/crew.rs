//! The connections that fire side by side.

use std::num::NonZeroUsize;
use std::time::Duration;

use lessons::StoreError;
use lessons::store::{Chunk, Stores, Term};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use crate::keeper::Lease;
use crate::volley::{self, Magazine, Volley};
use lessons::clock::DatabaseClock;

/// Those that are ready go on without the others after this long, which is less
/// than firing is handed out ahead of its instant.
const PATIENCE: Duration = Duration::from_millis(20);

/// Open connections, and the way to open more.
pub struct Crew<S: Stores> {
    stores: S,
    size: usize,
    ready: Vec<S::Store>,
    opening: JoinSet<Result<S::Store, StoreError>>,
}

impl<S: Stores> Crew<S> {
    /// A crew of up to `size`, none of them connected.
    pub fn new(stores: S, size: NonZeroUsize) -> Self {
        Self {
            stores,
            size: size.get(),
            ready: Vec::new(),
            opening: JoinSet::new(),
        }
    }

    /// Opens what is missing up to `wanted` connections, side by side. Fewer than
    /// wanted will do: one that takes longer is there for what is fired next.
    ///
    /// # Errors
    /// When none is open.
    pub async fn connect(&mut self, wanted: usize) -> Result<(), StoreError> {
        for _ in self.ready.len() + self.opening.len()..wanted.min(self.size) {
            let stores = self.stores.clone();
            self.opening
                .spawn(async move { stores.open().await }.in_current_span());
        }
        let patience = Instant::now() + PATIENCE;
        let mut refused = None;
        while let Some(opened) = self.next_opened(patience).await {
            match opened {
                Ok(store) => self.ready.push(store),
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if self.ready.is_empty() => Err(error),
            Some(error) => {
                let open = self.ready.len();
                tracing::warn!(
                    tag = error.tag(),
                    open,
                    wanted,
                    "fewer connections than wanted: {error}"
                );
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The next of those that are being opened; waits longer only for the first.
    async fn next_opened(&mut self, patience: Instant) -> Option<Result<S::Store, StoreError>> {
        let next = match self.ready.is_empty() {
            true => self.opening.join_next().await,
            false => timeout_at(patience, self.opening.join_next()).await.ok()?,
        };
        next.map(|opened| opened.unwrap_or_else(|panic| Err(StoreError::Connect(panic.to_string()))))
    }

    /// Fires all chunks, each at its instant.
    pub async fn fire(
        &mut self,
        chunks: Vec<Chunk>,
        term: Term,
        clock: DatabaseClock,
        lease: &Lease,
    ) -> Volley {
        let magazine = Magazine::of(chunks);
        let mut firing = JoinSet::new();
        for store in self.ready.drain(..) {
            let fire = volley::fire(store, magazine.clone(), term, clock, lease.clone());
            firing.spawn(fire.in_current_span());
        }
        let mut all = Volley::default();
        while let Some(fired) = firing.join_next().await {
            match fired {
                Ok((store, volley)) => {
                    self.ready.extend(store);
                    all = all.and(volley);
                }
                Err(panic) => all.lost = Some(StoreError::Lost(panic.to_string())),
            }
        }
        all
    }
}
