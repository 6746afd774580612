//! One connection's part in firing, and what has come of all.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use lessons::store::{Chunk, Figures, Term};
use lessons::{Store, StoreError, within};
use tokio::time::{Instant, sleep_until};

use crate::keeper::Lease;
use lessons::clock::DatabaseClock;

/// Later than this after its instant, a lesson counts as late.
pub const LATE_MS: i64 = 5_000;

/// A statement takes milliseconds: near the instant a connection that says nothing
/// for so long counts as dead.
pub const PROMPTLY: Duration = Duration::from_secs(2);

/// Chunks that wait for a connection, in order of their instants.
#[derive(Debug, Clone)]
pub struct Magazine(Arc<Mutex<VecDeque<Chunk>>>);

impl Magazine {
    /// Holds these.
    pub fn of(chunks: Vec<Chunk>) -> Self {
        Self(Arc::new(Mutex::new(chunks.into())))
    }

    fn next(&self) -> Option<Chunk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    fn give_back(&self, chunk: Chunk) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_front(chunk);
    }
}

/// What firing has come to.
#[derive(Debug, Default)]
pub struct Volley {
    /// Lessons that were opened.
    pub published: u64,
    /// Of these, those more than 5 s after their instant.
    pub late: u64,
    /// First commit that opened something, after its lessons' instant, in ms.
    pub first_commit_late_ms: Option<i64>,
    /// Last commit that opened something, after its lessons' instant, in ms.
    pub last_commit_late_ms: Option<i64>,
    /// The longest that a statement which waited for its instant was sent after it.
    pub hold_error: Option<Duration>,
    /// The last connection that broke, and why.
    pub lost: Option<StoreError>,
}

impl Volley {
    /// Both together.
    pub fn and(mut self, other: Self) -> Self {
        self.published += other.published;
        self.late += other.late;
        self.first_commit_late_ms = least(self.first_commit_late_ms, other.first_commit_late_ms);
        self.last_commit_late_ms = self.last_commit_late_ms.max(other.last_commit_late_ms);
        self.hold_error = self.hold_error.max(other.hold_error);
        self.lost = other.lost.or(self.lost);
        self
    }

    /// Adds it to a run's figures.
    pub fn add_to(&self, figures: &mut Figures) {
        figures.published += self.published;
        figures.late += self.late;
        figures.first_commit_late_ms = least(figures.first_commit_late_ms, self.first_commit_late_ms);
        figures.last_commit_late_ms = figures.last_commit_late_ms.max(self.last_commit_late_ms);
    }

    fn commit(&mut self, published: u64, publish_at: Timestamp, now: Timestamp) {
        if published == 0 {
            return;
        }
        let late = i64::try_from(now.duration_since(publish_at).as_millis()).unwrap_or(i64::MAX);
        self.published += published;
        if late > LATE_MS {
            self.late += published;
        }
        self.first_commit_late_ms = least(self.first_commit_late_ms, Some(late));
        self.last_commit_late_ms = self.last_commit_late_ms.max(Some(late));
    }
}

fn least(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

/// Fires chunk after chunk, each at its instant, as long as the lease holds.
/// Answers with the store, unless its connection broke.
pub async fn fire<S: Store>(
    mut store: S,
    magazine: Magazine,
    term: Term,
    clock: DatabaseClock,
    lease: Lease,
) -> (Option<S>, Volley) {
    let mut volley = Volley::default();
    while let Some(chunk) = magazine.next() {
        let instant = clock.when(chunk.publish_at);
        if instant > Instant::now() {
            sleep_until(instant).await;
            volley.hold_error = volley.hold_error.max(Some(instant.elapsed()));
        }
        if !lease.holds() {
            break;
        }
        match fire_one(&mut store, &term, &chunk).await {
            Ok(published) => volley.commit(published, chunk.publish_at, clock.now()),
            Err(error) => {
                // Whether it was carried out is not known; firing again is harmless.
                magazine.give_back(chunk);
                volley.lost = Some(error);
                return (None, volley);
            }
        }
    }
    (Some(store), volley)
}

async fn fire_one(store: &mut impl Store, term: &Term, chunk: &Chunk) -> Result<u64, StoreError> {
    match within(PROMPTLY, store.fire(term, chunk)).await {
        // The run's row is being taken by another, or a deadlock: the next look finds
        // what is still due.
        Err(StoreError::Busy(problem)) => {
            tracing::debug!("{problem}");
            Ok(0)
        }
        fired => fired,
    }
}
