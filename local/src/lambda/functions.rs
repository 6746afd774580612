//! `Lambda`: all functions of a stack and the one door to them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::HeaderValue;
use uuid::Uuid;

use super::function::Function;
use super::host::{Host, Registry, Settings};
use super::invocation::Request;
use super::logs::Logs;
use super::names::{arn, known_as, plain};
use super::pool::Pool;
use super::run::run;
use super::{InvokeError, InvokeKind, InvokeOutput, MAX_PAYLOAD_BYTES};
use crate::console::Label;
use crate::faults::Faults;
use crate::live::{Live, Reporter};
use crate::template;

/// The functions of one stack. Cheap to clone.
#[derive(Clone)]
pub struct Lambda(Arc<Inner>);

struct Inner {
    host: Arc<Host>,
    pools: Vec<Arc<Pool>>,
    names: HashMap<String, usize>,
    queued_events: AtomicUsize,
}

/// The functions cannot run.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The log folder cannot be made.
    #[error("cannot create the log folder {0}: {1}")]
    Logs(PathBuf, std::io::Error),
    /// A function did not reach its first `GET next`.
    #[error("{0} does not start: {1}; what it printed is in {path}", path = .2.display())]
    Init(String, String, PathBuf),
}

impl Lambda {
    /// Sets up the functions, each with its executable; starts nothing yet.
    pub fn new(
        functions: Vec<(template::Function, PathBuf)>,
        settings: Settings,
        faults: Faults,
        live: &Live,
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
            let arn = arn(&host.settings, &template.name);
            let label = Label::new(&template.logical_id, index);
            let live = live.function(&template.logical_id);
            let function = Function::new(template, executable, arn, label, live);
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
            InvokeKind::DryRun => Ok(InvokeOutput::empty(Uuid::new_v4())),
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
        self.send(index, Request::new(payload, trace_id)).await
    }

    /// [`Self::call`] of a request that is made already.
    pub(super) async fn send(&self, index: usize, request: Request) -> Result<InvokeOutput, InvokeError> {
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

    /// Logical id of the function at this position.
    pub(crate) fn name(&self, index: usize) -> &str {
        self.0.pools[index].function.logical_id()
    }

    /// What tells of the function at this position.
    pub(crate) fn reporter(&self, index: usize) -> &Reporter {
        &self.0.pools[index].function.live
    }

    pub(crate) fn pools(&self) -> &[Arc<Pool>] {
        &self.0.pools
    }

    pub(super) fn logs(&self) -> Logs {
        self.0.host.logs.clone()
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

    /// Invocations that run or wait for an environment, of all functions.
    pub fn running(&self) -> usize {
        self.pools().iter().map(|pool| pool.running()).sum()
    }

    /// Those of [`Self::running`] that a stop waits for.
    pub fn awaited(&self) -> usize {
        self.pools().iter().map(|pool| pool.awaited()).sum()
    }

    /// Asynchronous invocations that have not ended.
    pub fn queued_events(&self) -> usize {
        self.0.queued_events.load(Ordering::Acquire)
    }
}
