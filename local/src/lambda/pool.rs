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

pub(crate) use turns::{Idle, Unavailable};

pub(crate) struct Pool {
    pub function: Arc<Function>,
    pub(super) host: Arc<Host>,
    limit: usize,
    state: Mutex<State>,
    running: AtomicUsize,
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
pub(crate) struct Admission<'a>(&'a Pool);

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Pool {
    pub fn new(function: Arc<Function>, host: Arc<Host>) -> Self {
        let reserved = function.template.reserved_concurrency;
        let machine = host.settings.max_environments;
        Self {
            limit: reserved.map_or(machine, |reserved| machine.min(reserved as usize)),
            function,
            host,
            state: Mutex::default(),
            running: AtomicUsize::new(0),
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

    /// Takes a place in the function's concurrency; `None` means 429. Only
    /// reserved concurrency throttles: the machine's own limit makes callers wait.
    pub fn admit(&self) -> Option<Admission<'_>> {
        let reserved = self.function.template.reserved_concurrency;
        let before = self.running.fetch_add(1, Ordering::AcqRel);
        let admission = Admission(self);
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
