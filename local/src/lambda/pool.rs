//! The environments of one function: who is idle, who waits, when to start more.
//!
//! As on Lambda, an idle environment is reused (the most recently used first,
//! so that the others can be stopped), and with none idle a new one starts, up
//! to the limit. At the limit a machine differs from a cloud: callers wait in
//! the order they came, unless the template reserves exactly that concurrency
//! and so asks for throttling.

mod keeper;
mod scaling;
mod turns;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::{Notify, oneshot};

use super::environment::Environment;
use super::failure::Failure;
use super::function::Function;
use super::host::Host;
use crate::template;

pub(crate) use turns::{Idle, Unavailable};

/// Processes that a machine bears for one function, whatever the template reserves.
const MOST_RESERVED: usize = 32;

pub(crate) struct Pool {
    pub function: Arc<Function>,
    pub(super) host: Arc<Host>,
    limit: usize,
    state: Mutex<State>,
    running: AtomicUsize,
    /// Those of the running that a stop waits for.
    awaited: AtomicUsize,
    ended: Notify,
}

#[derive(Default)]
struct State {
    environments: Vec<Arc<Environment>>,
    idle: Vec<Idle>,
    waiting: VecDeque<oneshot::Sender<Result<Idle, Failure>>>,
    starting: usize,
    failed_inits: u32,
    not_before: Option<Instant>,
    closed: bool,
}

/// Counts one running invocation against the reserved concurrency.
pub(crate) struct Admission<'a> {
    pool: &'a Pool,
    awaited: bool,
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        if self.awaited {
            self.pool.awaited.fetch_sub(1, Ordering::AcqRel);
        }
        self.pool.running.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Environments that a function may have at once: as many as the template
/// reserves, so that what has to run side by side does, or what a machine
/// leaves to a function.
pub(crate) fn limit(function: &template::Function, max_environments: usize) -> usize {
    let reserved = function.reserved_concurrency;
    reserved.map_or(max_environments, |reserved| {
        (reserved as usize).min(max_environments.max(MOST_RESERVED))
    })
}

impl Pool {
    pub fn new(function: Arc<Function>, host: Arc<Host>) -> Self {
        Self {
            limit: limit(&function.template, host.settings.max_environments),
            function,
            host,
            state: Mutex::default(),
            running: AtomicUsize::new(0),
            awaited: AtomicUsize::new(0),
            ended: Notify::new(),
        }
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Invocations that were admitted and have not ended.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::Acquire)
    }

    /// Those of [`Self::running`] that a stop waits for.
    pub fn awaited(&self) -> usize {
        self.awaited.load(Ordering::Acquire)
    }

    /// Takes a place in the function's concurrency; `None` means 429. Only
    /// reserved concurrency throttles: the machine's own limit makes callers wait.
    pub fn admit(&self, awaited: bool) -> Option<Admission<'_>> {
        let reserved = self.function.template.reserved_concurrency;
        let before = self.running.fetch_add(1, Ordering::AcqRel);
        if awaited {
            self.awaited.fetch_add(1, Ordering::AcqRel);
        }
        let admission = Admission { pool: self, awaited };
        let throttles = reserved.is_some_and(|reserved| reserved as usize <= self.limit);
        (!throttles || before < self.limit).then_some(admission)
    }

    /// All environments alive, oldest first.
    pub fn environments(&self) -> Vec<Arc<Environment>> {
        self.lock().environments.clone()
    }

    /// No more environments; kills those that are there.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.idle.clear();
        state.waiting.clear();
        for environment in &state.environments {
            environment.stop(None);
        }
    }

    /// Whether the stack is stopping.
    pub fn is_closed(&self) -> bool {
        self.lock().closed
    }

    /// Waits until every child has ended.
    pub async fn ended_all(&self) {
        loop {
            let ended = self.ended.notified();
            if self.lock().environments.is_empty() {
                return;
            }
            ended.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
