//! The connections that fire side by side.

use std::num::NonZeroUsize;

use lessons::StoreError;
use lessons::store::{Chunk, Stores, Term};
use tokio::task::JoinSet;

use crate::keeper::Lease;
use crate::volley::{self, Magazine, Volley};
use lessons::clock::DatabaseClock;

/// Open connections, and the way to open more.
pub struct Crew<S: Stores> {
    stores: S,
    size: usize,
    ready: Vec<S::Store>,
}

impl<S: Stores> Crew<S> {
    /// A crew of up to `size`, none of them connected.
    pub fn new(stores: S, size: NonZeroUsize) -> Self {
        Self {
            stores,
            size: size.get(),
            ready: Vec::new(),
        }
    }

    /// Opens what is missing up to `wanted` connections, side by side. Fewer than
    /// wanted will do.
    ///
    /// # Errors
    /// When none is open.
    pub async fn connect(&mut self, wanted: usize) -> Result<(), StoreError> {
        let mut opening = JoinSet::new();
        for _ in self.ready.len()..wanted.min(self.size) {
            let stores = self.stores.clone();
            opening.spawn(async move { stores.open().await });
        }
        let mut refused = None;
        while let Some(opened) = opening.join_next().await {
            match opened {
                Ok(Ok(store)) => self.ready.push(store),
                Ok(Err(error)) => refused = Some(error),
                Err(panic) => refused = Some(StoreError::Connect(panic.to_string())),
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
            firing.spawn(volley::fire(store, magazine.clone(), term, clock, lease.clone()));
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
