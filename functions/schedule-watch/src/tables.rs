//! A connection to the lesson tables that outlives the looks it is used for.

use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use lessons::{
    Database, Store as _, StoreError,
    clock::DatabaseClock,
    store::{SqlStore, Stores},
};

use tokio::time::Instant;

use crate::clock::Clock;

/// Longest time for the end of a connection.
const CLOSE: Duration = Duration::from_secs(1);

/// Stores that are ended in order: MySQL writes down each connection that is just
/// gone, and a watcher comes every minute.
pub trait Tables: Stores {
    /// Ends one.
    fn close(&self, store: Self::Store) -> impl Future<Output = ()> + Send;
}

impl Tables for Database {
    async fn close(&self, store: SqlStore) {
        store.close().await;
    }
}

/// A store, and the database's clock as it was read when the store was opened.
#[derive(Debug)]
pub struct Reached<S> {
    /// The store.
    pub store: S,
    /// The database's clock.
    pub time: DatabaseClock,
}

/// A connection, made at the first use and again after it broke.
///
/// A login that takes longer than a look goes on in the next one: begun anew each
/// second it would never succeed where it takes longer than that.
pub struct Line<T: Tables, C> {
    tables: T,
    clock: C,
    opening: Option<BoxFuture<'static, Result<Reached<T::Store>, StoreError>>>,
    reached: Option<Reached<T::Store>>,
}

impl<T: Tables, C: Clock> Line<T, C> {
    /// One that is not connected yet.
    pub fn new(tables: T, clock: C) -> Self {
        Self {
            tables,
            clock,
            opening: None,
            reached: None,
        }
    }

    /// The store, once it is connected. May be dropped at any time.
    ///
    /// # Errors
    /// Why it could not be; the next call begins anew.
    pub async fn reach(&mut self) -> Result<&mut Reached<T::Store>, StoreError> {
        let reached = match self.reached.take() {
            Some(reached) => reached,
            None => {
                let (tables, clock) = (&self.tables, &self.clock);
                let opening = self
                    .opening
                    .get_or_insert_with(|| Box::pin(open(tables.clone(), clock.clone())));
                let opened = opening.await;
                self.opening = None;
                opened?
            }
        };
        Ok(self.reached.insert(reached))
    }

    /// When the database's clock shows `instant`; `None` where it is not connected.
    pub fn when(&self, instant: Timestamp) -> Option<Instant> {
        let reached = self.reached.as_ref()?;
        Some(reached.time.when(instant))
    }

    /// Lets go of a connection that `error` came from, unless it is still good.
    pub fn failed(&mut self, error: &StoreError) {
        if !matches!(error, StoreError::Busy(_)) {
            self.reached = None;
        }
    }

    /// Ends it in order.
    pub async fn close(self) {
        if let Some(reached) = self.reached {
            let closing = self.tables.close(reached.store);
            self.clock.by(self.clock.now() + CLOSE, closing).await;
        }
    }
}

async fn open<T: Tables, C: Clock>(tables: T, clock: C) -> Result<Reached<T::Store>, StoreError> {
    let mut store = tables.open().await?;
    let reading = store.now().await?;
    let time = DatabaseClock::read(reading, clock.now());
    Ok(Reached { store, time })
}
