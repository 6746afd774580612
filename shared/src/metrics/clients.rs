//! What a function's clients did on its side of the wire.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use metrique::{unit::Count, unit_of_work::metrics};

/// Counts what the clients of an environment do. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Clients(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    attempts: AtomicU64,
    retries: AtomicU64,
    timeouts: AtomicU64,
    opened: AtomicU64,
    reused: AtomicU64,
    failed: AtomicU64,
}

/// What they did since it was last asked.
#[metrics(subfield)]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ClientMetrics {
    /// Requests that were sent, or that no connection could be had for.
    #[metrics(unit = Count)]
    pub client_attempts: u64,
    /// Of these, those that were sent again over a new connection since theirs had
    /// died, and calls to SQS for what an earlier one had not stored.
    #[metrics(unit = Count)]
    pub client_retries: u64,
    /// Connections and answers that were not there in time.
    #[metrics(unit = Count)]
    pub client_timeouts: u64,
    /// Connections that were opened, TLS included.
    #[metrics(unit = Count)]
    pub connections_opened: u64,
    /// Requests that found a connection open.
    #[metrics(unit = Count)]
    pub connections_reused: u64,
    /// Connections that could not be opened.
    #[metrics(unit = Count)]
    pub connections_failed: u64,
}

impl Clients {
    /// A request was put on a connection, or tried to get one.
    pub fn attempted(&self) {
        self.0.attempts.fetch_add(1, Relaxed);
    }

    /// A call is made again, in part or as a whole.
    pub fn retried(&self) {
        self.0.retries.fetch_add(1, Relaxed);
    }

    /// A connection or an answer was not there in its time, or in its caller's.
    pub fn timed_out(&self) {
        self.0.timeouts.fetch_add(1, Relaxed);
    }

    /// A connection was opened, TLS included.
    pub fn opened(&self) {
        self.0.opened.fetch_add(1, Relaxed);
    }

    /// A request found an open connection.
    pub fn reused(&self) {
        self.0.reused.fetch_add(1, Relaxed);
    }

    /// A connection could not be opened.
    pub fn failed(&self) {
        self.0.failed.fetch_add(1, Relaxed);
    }

    /// What was counted since this was last called: each thing is told once.
    pub fn take(&self) -> ClientMetrics {
        let take = |counter: &AtomicU64| counter.swap(0, Relaxed);
        ClientMetrics {
            client_attempts: take(&self.0.attempts),
            client_retries: take(&self.0.retries),
            client_timeouts: take(&self.0.timeouts),
            connections_opened: take(&self.0.opened),
            connections_reused: take(&self.0.reused),
            connections_failed: take(&self.0.failed),
        }
    }
}
