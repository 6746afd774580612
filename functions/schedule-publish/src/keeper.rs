//! Keeps a lease: renews it beside everything else, and knows when it is lost.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lessons::store::Stores;
use lessons::{Store as _, StoreError};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument as _;

/// A lease's length and how often it is renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// From each renewal on.
    pub lease: Duration,
    /// Between renewals.
    pub period: Duration,
}

/// Long before the instant a lost holder costs nothing.
pub const FAR: Pace = Pace {
    lease: Duration::from_secs(5),
    period: Duration::from_secs(1),
};
/// Around the instant the lessons wait for the other wake this long at most.
pub const NEAR: Pace = Pace {
    lease: Duration::from_millis(1_000),
    period: Duration::from_millis(250),
};

/// A lease that is being renewed; no more once this is dropped.
#[derive(Debug)]
pub struct Keeper {
    lease: Lease,
    renewing: JoinHandle<()>,
}

/// What others see of it.
#[derive(Debug, Clone)]
pub struct Lease {
    valid_until: Arc<Mutex<Instant>>,
}

impl Lease {
    /// Whether nobody else can have it now, by this machine's own clock: also
    /// right after it was frozen for a while.
    pub fn holds(&self) -> bool {
        Instant::now() < *self.valid_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A lease without an end.
    pub fn endless() -> Self {
        const YEAR: Duration = Duration::from_secs(365 * 86_400);
        Self::until(Instant::now() + YEAR)
    }

    fn until(instant: Instant) -> Self {
        Self {
            valid_until: Arc::new(Mutex::new(instant)),
        }
    }

    fn set(&self, instant: Instant) {
        *self.valid_until.lock().unwrap_or_else(PoisonError::into_inner) = instant;
    }
}

impl Keeper {
    /// Renews `run`'s lease, which `holder` took at `taken` for `pace.lease`;
    /// more often from `near` on. Without a `store` it opens one.
    pub fn start<S: Stores>(
        stores: S,
        store: Option<S::Store>,
        run: i64,
        holder: String,
        taken: Instant,
        pace: Pace,
        near: Instant,
    ) -> Self {
        let lease = Lease::until(taken + pace.lease);
        let renewing = renew(stores, store, run, holder, lease.clone(), near);
        Self {
            lease,
            renewing: tokio::spawn(renewing.in_current_span()),
        }
    }

    /// The lease.
    pub fn lease(&self) -> &Lease {
        &self.lease
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

async fn renew<S: Stores>(
    stores: S,
    mut store: Option<S::Store>,
    run: i64,
    holder: String,
    lease: Lease,
    near: Instant,
) {
    while lease.holds() {
        let pace = pace(near);
        // A lost connection is replaced by the next round.
        let sent = Instant::now();
        let renewed = timeout_at(sent + pace.lease, async {
            let mut open = match store.take() {
                Some(open) => open,
                None => stores.open().await?,
            };
            let renewed = open.renew(run, &holder, pace.lease).await?;
            Ok::<_, StoreError>((open, renewed))
        });
        match renewed.await {
            Ok(Ok((open, true))) => {
                lease.set(sent + pace.lease);
                store = Some(open);
            }
            Ok(Ok((_, false))) => {
                lease.set(sent);
                return;
            }
            Ok(Err(error)) => tracing::warn!(tag = error.tag(), "the lease could not be renewed: {error}"),
            Err(_) => return,
        }
        sleep(pace.period.min(pace_change(near))).await;
    }
}

fn pace(near: Instant) -> Pace {
    if Instant::now() < near { FAR } else { NEAR }
}

/// Until `near`, and a period after it.
fn pace_change(near: Instant) -> Duration {
    match near.saturating_duration_since(Instant::now()) {
        Duration::ZERO => NEAR.period,
        left => left,
    }
}
