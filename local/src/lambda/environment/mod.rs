//! An execution environment: one child process that handles one event at a time.

mod memory;
pub(crate) mod process;
mod variables;

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, oneshot, watch};
use uuid::Uuid;

pub(crate) use memory::Memory;

use super::function::Function;
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome};
use super::pool::Pool;

/// Why an environment was started: `AWS_LAMBDA_INITIALIZATION_TYPE`, and
/// whether an invocation waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// An invocation waits: a cold start.
    OnDemand,
    /// Before the first invocation, so that the stack is warm when ready.
    Warm,
    /// Asked for by the template's provisioned concurrency.
    Provisioned,
}

#[derive(Debug, Clone)]
pub(crate) enum Init {
    Running,
    Done(Duration),
    Failed(String),
}

pub(crate) struct Environment {
    pub id: String,
    pub function: Arc<Function>,
    pub pool: Weak<Pool>,
    pub start: Start,
    pub memory: Memory,
    pub invocations: AtomicU64,
    pub pid: AtomicU32,
    pub init: watch::Sender<Init>,
    started: Instant,
    state: Mutex<State>,
    ending: OnceLock<Option<Failure>>,
    end: Notify,
    counted: AtomicBool,
}

enum State {
    Starting,
    Ready,
    Busy {
        request_id: Uuid,
        reply: oneshot::Sender<Outcome>,
    },
    Ended,
}

impl Environment {
    pub fn new(function: Arc<Function>, pool: Weak<Pool>, start: Start) -> Self {
        Self {
            id: super::invocation::random_uuid().simple().to_string(),
            function,
            pool,
            start,
            memory: Memory::default(),
            invocations: AtomicU64::new(0),
            pid: AtomicU32::new(0),
            init: watch::Sender::new(Init::Running),
            started: Instant::now(),
            state: Mutex::new(State::Starting),
            ending: OnceLock::new(),
            end: Notify::new(),
            counted: AtomicBool::new(false),
        }
    }

    /// The child asked for an event. `Some(true)` the first time, which ends
    /// the init phase; `None` when it still owes an answer or was stopped.
    pub fn asks_for_next(&self) -> Option<bool> {
        let mut state = self.lock();
        match *state {
            State::Starting => {
                *state = State::Ready;
                self.init.send_replace(Init::Done(self.started.elapsed()));
                Some(true)
            }
            State::Ready => Some(false),
            State::Busy { .. } | State::Ended => None,
        }
    }

    /// Sends an event to the child that waits behind `next`. Gives it back when
    /// the child has gone.
    pub fn take_on(
        &self,
        invocation: Invocation,
        next: oneshot::Sender<Invocation>,
    ) -> Result<oneshot::Receiver<Outcome>, Invocation> {
        let (reply, outcome) = oneshot::channel();
        let mut state = self.lock();
        if !matches!(*state, State::Ready) {
            return Err(invocation);
        }
        let request_id = invocation.request_id;
        next.send(invocation)?;
        *state = State::Busy { request_id, reply };
        self.invocations.fetch_add(1, Ordering::Relaxed);
        Ok(outcome)
    }

    /// Hands the answer for `request_id` to its caller; false when no such
    /// invocation runs here (any more).
    pub fn answer(&self, request_id: Uuid, outcome: Outcome) -> bool {
        self.settle(request_id, State::Ready)
            .is_some_and(|reply| reply.send(outcome).is_ok())
    }

    /// Ends the invocation without an answer of the child; false when the
    /// answer came first.
    pub fn abandon(&self, request_id: Uuid, failure: Failure) -> bool {
        let abandoned = self.settle(request_id, State::Ended).is_some();
        if abandoned {
            self.stop(Some(failure));
        }
        abandoned
    }

    fn settle(&self, id: Uuid, next: State) -> Option<oneshot::Sender<Outcome>> {
        let mut state = self.lock();
        if !matches!(*state, State::Busy { request_id, .. } if request_id == id) {
            return None;
        }
        match std::mem::replace(&mut *state, next) {
            State::Busy { reply, .. } => Some(reply),
            _ => None,
        }
    }

    /// Whether this very invocation still runs here.
    pub fn works_on(&self, id: Uuid) -> bool {
        matches!(*self.lock(), State::Busy { request_id, .. } if request_id == id)
    }

    /// Kills the child. Whatever runs there fails with `failure`, or as a
    /// killed process when there is none.
    pub fn stop(&self, failure: Option<Failure>) {
        let _ = self.ending.set(failure);
        self.end.notify_one();
    }

    async fn stop_requested(&self) {
        self.end.notified().await;
    }

    /// The child is gone: fails what ran there, and tells whether it ever
    /// finished its init phase.
    fn finish(&self, exit: Failure) -> Failure {
        let failure = self.ending.get().cloned().flatten().unwrap_or(exit);
        let state = std::mem::replace(&mut *self.lock(), State::Ended);
        match state {
            State::Busy { request_id, reply } => {
                let _ = reply.send(failure.outcome(request_id));
            }
            State::Starting => {
                self.init.send_replace(Init::Failed(failure.reason()));
            }
            State::Ready | State::Ended => {}
        }
        failure
    }

    /// True once: for the first invocation that ended here.
    pub fn claim_cold_start(&self) -> bool {
        !self.counted.swap(true, Ordering::Relaxed)
    }

    pub fn is_starting(&self) -> bool {
        matches!(*self.lock(), State::Starting)
    }

    /// Between an answer and the next event.
    pub fn is_ready(&self) -> bool {
        matches!(*self.lock(), State::Ready)
    }

    pub fn is_stopping(&self) -> bool {
        self.ending.get().is_some()
    }

    /// `starting`, `idle`, `busy` or `stopping`, for the status page.
    pub fn state_name(&self) -> &'static str {
        match *self.lock() {
            State::Starting => "starting",
            State::Ready => "idle",
            State::Busy { .. } => "busy",
            State::Ended => "stopping",
        }
    }

    /// How long the init phase took, once it is over.
    pub fn init_duration(&self) -> Option<Duration> {
        match *self.init.borrow() {
            Init::Done(duration) => Some(duration),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
