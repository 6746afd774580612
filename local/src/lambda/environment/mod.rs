//! An execution environment: one child process that handles one event at a time.

mod children;
mod memory;
mod output;
mod priority;
pub(crate) mod process;
mod state;
mod variables;

use std::sync::atomic::{AtomicU32, AtomicU64};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::{Notify, watch};

pub(crate) use children::end_orphans;
pub(crate) use memory::Memory;
pub(crate) use state::{Next, Reply};

use super::failure::Failure;
use super::function::Function;
use super::pool::Pool;
use state::State;

/// Why an environment was started: `AWS_LAMBDA_INITIALIZATION_TYPE`, and
/// whether an invocation waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
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
    first_answer: OnceLock<Duration>,
}

impl Environment {
    pub fn new(function: Arc<Function>, pool: Weak<Pool>, start: Start) -> Self {
        Self {
            id: uuid::Uuid::new_v4().simple().to_string(),
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
            first_answer: OnceLock::new(),
        }
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

    /// Notes how long an answer took if it is the first; whether it was.
    pub fn note_answer(&self, duration: Duration) -> bool {
        self.first_answer.set(duration).is_ok()
    }

    /// How long the first answer took, once there was one.
    pub fn first_answer(&self) -> Option<Duration> {
        self.first_answer.get().copied()
    }

    pub fn is_stopping(&self) -> bool {
        self.ending.get().is_some()
    }

    /// How long the init phase took, once it is over.
    pub fn init_duration(&self) -> Option<Duration> {
        match *self.init.borrow() {
            Init::Done(duration) => Some(duration),
            _ => None,
        }
    }
}
