//! `Lambda::invoke`: the one door to every function.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderValue;
use uuid::Uuid;

use super::MAX_PAYLOAD_BYTES;
use super::environment::{Environment, Init, Start};
use super::function::{Function, Stats};
use super::host::{Host, Registry, Settings};
use super::invocation::{Invocation, Request, random_uuid};
use super::logs::Logs;
use super::outcome::{Failure, Outcome};
use super::pool::{Idle, Pool, Unavailable};
use crate::console::Label;
use crate::faults::Faults;
use crate::template;

/// A fault kills at a random moment in this time, so that it hits a function
/// before, during and after its work.
const KILL_WITHIN_MS: u64 = 20;

/// The functions of one stack. Cheap to clone.
#[derive(Clone)]
pub struct Lambda(Arc<Inner>);

struct Inner {
    host: Arc<Host>,
    pools: Vec<Arc<Pool>>,
    names: HashMap<String, usize>,
    queued_events: AtomicUsize,
}

/// `X-Amz-Invocation-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvokeKind {
    /// Wait for the answer.
    RequestResponse,
    /// Answer at once; run later, with two retries on an error.
    Event,
    /// Only check that the function exists.
    DryRun,
}

/// What an invocation gave back.
#[derive(Debug)]
pub struct InvokeOutput {
    /// The function's answer, or its error document.
    pub payload: Bytes,
    /// `Unhandled` when the function failed.
    pub function_error: Option<&'static str>,
    /// The id that the function saw.
    pub request_id: Uuid,
    /// From hand-over to answer, without the wait for an environment.
    pub duration: Duration,
    /// How long the environment's init took, when this invocation had to wait for it.
    pub init_duration: Option<Duration>,
    /// Id of the environment, empty when none took the event.
    pub environment: String,
}

/// Why an invocation did not reach the function.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvokeError {
    /// Reserved concurrency is used up, or no environment got free in time.
    #[error("Rate Exceeded.")]
    Throttled,
    /// No such function; the names that there are follow.
    #[error("Function not found: {0}")]
    NotFound(String),
    /// The event is larger than Lambda takes.
    #[error(
        "Request must be smaller than {MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation"
    )]
    TooLarge,
}

/// The functions cannot run.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The log folder cannot be made.
    #[error("cannot create the log folder {0}: {1}")]
    Logs(PathBuf, std::io::Error),
    /// A function did not reach its first `GET next`.
    #[error("{0} does not start: {1}")]
    Init(String, String),
}

impl Lambda {
    /// Sets up the functions, each with its executable; starts nothing yet.
    pub fn new(
        functions: Vec<(template::Function, PathBuf)>,
        settings: Settings,
        faults: Faults,
    ) -> Result<Self, StartError> {
        let logs = Logs::open(&settings.log_dir)
            .map_err(|error| StartError::Logs(settings.log_dir.clone(), error))?;
        let idle_limit = settings.idle_limit;
        let host = Arc::new(Host {
            settings,
            faults,
            logs,
            registry: Registry::default(),
        });
        let mut names = HashMap::new();
        let mut pools = Vec::new();
        for (index, (template, executable)) in functions.into_iter().enumerate() {
            for name in known_as(&template) {
                names.entry(name).or_insert(index);
            }
            let function = Function {
                arn: arn(&host.settings, &template.name),
                label: Label::new(&template.logical_id, index),
                template,
                executable,
                stats: Stats::default(),
            };
            let pool = Arc::new(Pool::new(Arc::new(function), Arc::clone(&host)));
            Pool::stop_idle(Arc::downgrade(&pool), idle_limit);
            pools.push(pool);
        }
        Ok(Self(Arc::new(Inner {
            host,
            pools,
            names,
            queued_events: AtomicUsize::new(0),
        })))
    }

    /// Starts one environment per function, or what the template provisions,
    /// and waits until all ask for their first event.
    pub async fn warm(&self) -> Result<(), StartError> {
        let mut started = Vec::new();
        for pool in &self.0.pools {
            let provisioned = pool.function.template.provisioned_concurrency;
            let (count, start) = provisioned.map_or((1, Start::Warm), |n| (n, Start::Provisioned));
            started.extend(pool.start(count as usize, start));
        }
        for environment in started {
            let mut init = environment.init.subscribe();
            let init = init.wait_for(|init| !matches!(init, Init::Running)).await;
            if let Ok(Init::Failed(reason)) = init.as_deref() {
                let name = environment.function.name().to_owned();
                return Err(StartError::Init(name, reason.clone()));
            }
        }
        Ok(())
    }

    /// Runs `function` (logical id, physical name or name of its code's folder)
    /// on one event and waits for its answer, whatever the kind of invocation;
    /// `Event` and `DryRun` answer at once, with an empty payload.
    pub async fn invoke(
        &self,
        function: &str,
        payload: Bytes,
        kind: InvokeKind,
    ) -> Result<InvokeOutput, InvokeError> {
        let index = self.find(function)?;
        if payload.len() > MAX_PAYLOAD_BYTES {
            return Err(InvokeError::TooLarge);
        }
        match kind {
            InvokeKind::RequestResponse => self.call(index, payload, None).await,
            InvokeKind::DryRun => Ok(InvokeOutput::empty(random_uuid())),
            InvokeKind::Event => Ok(InvokeOutput::empty(self.queue_event(index, payload))),
        }
    }

    /// The synchronous invocation. Runs on after its caller has gone, as on
    /// Lambda: a client that hangs up does not stop a function.
    pub(crate) async fn call(
        &self,
        index: usize,
        payload: Bytes,
        trace_id: Option<HeaderValue>,
    ) -> Result<InvokeOutput, InvokeError> {
        let request = Request::new(payload, trace_id);
        let pool = Arc::clone(&self.0.pools[index]);
        tokio::spawn(run(pool, request))
            .await
            .unwrap_or(Err(InvokeError::Throttled))
    }

    /// Position of a function by any of its names.
    pub(crate) fn find(&self, name: &str) -> Result<usize, InvokeError> {
        let bare = name.rsplit(":function:").next().unwrap_or(name);
        let bare = bare.split(':').next().unwrap_or(bare);
        let found = self.0.names.get(bare);
        found
            .or_else(|| self.0.names.get(&plain(bare)))
            .copied()
            .ok_or_else(|| InvokeError::NotFound(name.to_owned()))
    }

    pub(crate) fn pools(&self) -> &[Arc<Pool>] {
        &self.0.pools
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.host.registry
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.host.settings
    }

    pub(crate) fn event_queue(&self) -> &AtomicUsize {
        &self.0.queued_events
    }

    /// Asynchronous invocations that have not ended.
    pub fn queued_events(&self) -> usize {
        self.0.queued_events.load(Ordering::Acquire)
    }

    /// Kills the environments of a function, as a crash of its host would.
    pub fn kill(&self, function: &str) -> Result<usize, InvokeError> {
        let environments = self.0.pools[self.find(function)?].environments();
        for environment in &environments {
            environment.stop(None);
        }
        Ok(environments.len())
    }

    /// Kills every child; does not wait for their end.
    pub fn close(&self) {
        for pool in &self.0.pools {
            pool.close();
        }
    }

    /// Kills every child and writes out the logs.
    pub async fn stop(&self) {
        self.close();
        for pool in &self.0.pools {
            pool.ended_all().await;
        }
        let logs = self.0.host.logs.clone();
        let _ = tokio::task::spawn_blocking(move || logs.flush()).await;
    }
}

async fn run(pool: Arc<Pool>, request: Request) -> Result<InvokeOutput, InvokeError> {
    let stats = &pool.function.stats;
    let Some(_admission) = pool.admit() else {
        stats.throttles.add();
        return Err(InvokeError::Throttled);
    };
    loop {
        let idle = match pool.checkout().await {
            Ok(idle) => idle,
            Err(Unavailable::Throttled) => {
                stats.throttles.add();
                return Err(InvokeError::Throttled);
            }
            Err(Unavailable::Failed(failure)) => {
                stats.invocations.add();
                stats.errors.add();
                let outcome = failure.outcome(request.id);
                return Ok(InvokeOutput::new(outcome, request.id));
            }
        };
        if let Some(output) = run_in(&pool, idle, request.clone()).await {
            return Ok(output);
        }
    }
}

/// Runs the request in this environment; `None` when it was gone before it got the event.
async fn run_in(pool: &Pool, idle: Idle, request: Request) -> Option<InvokeOutput> {
    let Idle {
        environment, next, ..
    } = idle;
    let (id, limit) = (request.id, pool.function.template.timeout);
    let started = Instant::now();
    let invocation = Invocation::new(request, limit);
    let mut reply = environment.take_on(invocation, next).ok()?;
    if pool.host.faults.strikes(|faults| faults.killed_invocations) {
        kill_soon(Arc::clone(&environment), id);
    }
    let outcome = match tokio::time::timeout(limit, &mut reply).await {
        Ok(outcome) => outcome,
        Err(_) => {
            let failure = Failure::TimedOut(limit);
            if environment.abandon(id, failure.clone()) {
                pool.function.stats.timeouts.add();
                Ok(failure.outcome(id))
            } else {
                reply.await
            }
        }
    };
    // A closed channel cannot be: whoever takes the sender out of the state uses it.
    let outcome = outcome.unwrap_or_else(|_| Failure::Exited("unknown".to_owned()).outcome(id));
    let mut output = InvokeOutput::new(outcome, id);
    output.duration = started.elapsed();
    count(pool, &environment, &mut output);
    Some(output)
}

fn count(pool: &Pool, environment: &Environment, output: &mut InvokeOutput) {
    let stats = &pool.function.stats;
    stats.invocations.add();
    if output.function_error.is_some() {
        stats.errors.add();
    }
    if environment.start == Start::OnDemand && environment.claim_cold_start() {
        stats.cold_starts.add();
        output.init_duration = environment.init_duration();
    }
    output.environment.clone_from(&environment.id);
}

fn kill_soon(environment: Arc<Environment>, request: Uuid) {
    tokio::spawn(async move {
        let after = Duration::from_millis(rand::random_range(0..=KILL_WITHIN_MS));
        tokio::time::sleep(after).await;
        if environment.works_on(request) {
            environment.stop(None);
        }
    });
}

impl InvokeOutput {
    fn empty(request_id: Uuid) -> Self {
        let outcome = Outcome {
            payload: Bytes::new(),
            failed: false,
        };
        Self::new(outcome, request_id)
    }

    fn new(outcome: Outcome, request_id: Uuid) -> Self {
        Self {
            payload: outcome.payload,
            function_error: outcome.failed.then_some("Unhandled"),
            request_id,
            duration: Duration::ZERO,
            init_duration: None,
            environment: String::new(),
        }
    }
}

/// `arn:aws:lambda:REGION:ACCOUNT:function:NAME`.
fn arn(settings: &Settings, name: &str) -> HeaderValue {
    let Settings {
        region, account_id, ..
    } = settings;
    HeaderValue::try_from(format!(
        "arn:aws:lambda:{region}:{account_id}:function:{name}"
    ))
    .unwrap_or_else(|_| HeaderValue::from_static("arn:aws:lambda"))
}

/// The names under which a function can be invoked.
fn known_as(function: &template::Function) -> Vec<String> {
    let folder = function.code.file_name().unwrap_or_default();
    let folder = folder.to_string_lossy();
    vec![
        function.logical_id.clone(),
        function.name.clone(),
        plain(&folder),
        plain(&function.logical_id),
    ]
}

/// `trace-ingest`, `trace_ingest` and `TraceIngest` are one name.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
