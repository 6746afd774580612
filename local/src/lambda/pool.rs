//! The environments of one function: who is idle, who waits, when to start more.
//!
//! As on Lambda, an idle environment is reused (the most recently used first,
//! so that the others can be stopped), and with none idle a new one starts, up
//! to the limit. At the limit a machine differs from a cloud: callers wait in
//! the order they came, unless the template reserves exactly that concurrency
//! and so asks for throttling.

mod keeper;
mod scaling;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot::error::RecvError;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use super::environment::Environment;
use super::function::Function;
use super::host::Host;
use super::invocation::Invocation;
use super::outcome::Failure;

/// How long a caller waits for an environment that has answered to ask for its
/// next event, before another is started instead: it takes a runtime some 0.1 ms.
const NEXT_GRACE: Duration = Duration::from_millis(10);

type Turn = oneshot::Receiver<Result<Idle, Failure>>;

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

/// An environment whose child waits for its next event.
pub(crate) struct Idle {
    pub environment: Arc<Environment>,
    pub next: oneshot::Sender<Invocation>,
    since: Instant,
}

/// Why there is no environment for an invocation.
pub(crate) enum Unavailable {
    Throttled,
    Failed(Failure),
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

    /// Takes a place in the function's concurrency; `None` means 429. Only
    /// reserved concurrency throttles: the machine's own limit makes callers wait.
    pub fn admit(&self) -> Option<Admission<'_>> {
        let reserved = self.function.template.reserved_concurrency;
        let before = self.running.fetch_add(1, Ordering::AcqRel);
        let admission = Admission(self);
        let throttles = reserved.is_some_and(|reserved| reserved as usize <= self.limit);
        (!throttles || before < self.limit).then_some(admission)
    }

    /// An environment that waits for an event: an idle one, a new one, or the
    /// next that becomes free within the function's time-out.
    pub async fn checkout(self: &Arc<Self>) -> Result<Idle, Unavailable> {
        let turn = {
            let mut state = self.lock();
            if let Some(idle) = state.pop_idle() {
                return Ok(idle);
            }
            if state.closed {
                return Err(Unavailable::Throttled);
            }
            let (waiter, turn) = oneshot::channel();
            state.waiting.push_back(waiter);
            let answered = state.answered();
            self.scale(&mut state, answered);
            turn
        };
        match timeout(self.function.template.timeout, self.wait(turn)).await {
            Ok(Ok(Ok(idle))) => Ok(idle),
            Ok(Ok(Err(failure))) => Err(Unavailable::Failed(failure)),
            Ok(Err(_)) | Err(_) => Err(Unavailable::Throttled),
        }
    }

    async fn wait(self: &Arc<Self>, mut turn: Turn) -> Result<Result<Idle, Failure>, RecvError> {
        if let Ok(served) = timeout(NEXT_GRACE, &mut turn).await {
            return served;
        }
        self.scale(&mut self.lock(), 0);
        turn.await
    }

    /// A child asked for its next event and waits for it behind `next`.
    pub fn offer(&self, environment: &Arc<Environment>, next: oneshot::Sender<Invocation>, first: bool) {
        let mut idle = Idle {
            environment: Arc::clone(environment),
            next,
            since: Instant::now(),
        };
        let mut state = self.lock();
        if first {
            state.starting -= 1;
            state.failed_inits = 0;
            state.not_before = None;
        }
        while let Some(waiter) = state.waiting.pop_front() {
            match waiter.send(Ok(idle)) {
                Ok(()) => return,
                // This caller gave up waiting.
                Err(Ok(unclaimed)) => idle = unclaimed,
                Err(Err(_)) => return,
            }
        }
        state.idle.push(idle);
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

impl State {
    fn pop_idle(&mut self) -> Option<Idle> {
        std::iter::from_fn(|| self.idle.pop()).find(|idle| !idle.next.is_closed())
    }
}
