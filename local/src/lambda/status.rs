//! What the status page shows of the functions.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::Serialize;

use super::Lambda;
use super::environment::{Environment, Start};
use super::pool::Pool;

/// One function, its counters since the start and its environments.
#[derive(Debug, Serialize)]
pub struct FunctionStatus {
    /// Logical id in the template.
    pub name: String,
    /// Environments alive, oldest first.
    pub environments: Vec<EnvironmentStatus>,
    /// How many it may have at once: what the template reserves, or this
    /// machine's own limit.
    pub max_environments: usize,
    /// See [`super::Stats`].
    pub invocations: u64,
    /// Invocations that ended in a function error.
    pub errors: u64,
    /// Invocations refused.
    pub throttles: u64,
    /// Invocations killed at the time-out.
    pub timeouts: u64,
    /// Environments killed on purpose.
    pub kills: u64,
    /// Environments that an invocation had to wait for.
    pub cold_starts: u64,
}

/// One environment.
#[derive(Debug, Serialize)]
pub struct EnvironmentStatus {
    /// As in the Runtime API's path.
    pub id: String,
    /// `starting`, `idle`, `busy` or `stopping`.
    pub state: &'static str,
    /// Spawn to first `GET next`, in milliseconds; absent while starting.
    pub init_ms: Option<f64>,
    /// Events taken so far.
    pub invocations: u64,
    /// Whether an invocation had to wait for its start.
    pub cold: bool,
    /// `on-demand` where one had to, `warm` where the stack started it to be ready,
    /// `provisioned` where the template asks for it.
    pub start: Start,
    /// From hand-over of the first event to its answer, in milliseconds; absent
    /// before it.
    pub first_answer_ms: Option<f64>,
    /// Process id of the child.
    pub pid: u32,
    /// Resident memory at the last look, in bytes; 0 where it cannot be read.
    pub rss_bytes: u64,
    /// The most it ever held, in bytes.
    pub peak_rss_bytes: u64,
}

impl Lambda {
    /// All functions, in the template's order.
    pub fn status(&self) -> Vec<FunctionStatus> {
        self.pools().iter().map(|pool| function(pool)).collect()
    }
}

fn function(pool: &Pool) -> FunctionStatus {
    let stats = &pool.function.stats;
    FunctionStatus {
        name: pool.function.logical_id().to_owned(),
        environments: pool.environments().iter().map(environment).collect(),
        max_environments: pool.limit(),
        invocations: stats.invocations.get(),
        errors: stats.errors.get(),
        throttles: stats.throttles.get(),
        timeouts: stats.timeouts.get(),
        kills: stats.kills.get(),
        cold_starts: stats.cold_starts.get(),
    }
}

fn environment(environment: &Arc<Environment>) -> EnvironmentStatus {
    EnvironmentStatus {
        id: environment.id.clone(),
        state: environment.state_name(),
        init_ms: environment.init_duration().map(milliseconds),
        invocations: environment.invocations.load(Ordering::Relaxed),
        cold: environment.start == Start::OnDemand,
        start: environment.start,
        first_answer_ms: environment.first_answer().map(milliseconds),
        pid: environment.pid.load(Ordering::Relaxed),
        rss_bytes: environment.memory.now(),
        peak_rss_bytes: environment.memory.peak(),
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
