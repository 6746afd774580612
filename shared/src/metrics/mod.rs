//! Metrics: one line a unit of work, in CloudWatch's [embedded metric format].
//!
//! CloudWatch makes metrics of such lines as they arrive with the logs, so a function
//! calls nobody for them. They are written before the answer, since an environment
//! may be frozen right after it. With JSON logs Lambda takes them for lines at INFO,
//! and throws them away at a level above.
//!
//! [embedded metric format]: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

mod clients;
mod http;
mod work;

pub use clients::{ClientMetrics, Clients};
pub use http::Request;
pub use work::Work;

use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use metrique::{
    CloseValue, InflectableEntry, RootEntry,
    emf::Emf,
    writer::{
        BoxEntrySink, Entry, EntrySink as _, FormatExt as _,
        sink::{DevNullSink, FlushImmediately},
    },
};

use lambda_runtime::tracing::subscriber::fmt::MakeWriter;

use crate::{config::Env, trace_context::TraceId};
use work::FailureMetrics;

/// The namespace of all metrics.
pub const NAMESPACE: &str = "Punctual";

/// Where an environment's metrics go. Clones share it.
#[derive(Clone)]
pub struct Metrics {
    sink: BoxEntrySink,
    began: Instant,
    is_warm: Arc<AtomicBool>,
    clients: Option<Clients>,
}

/// What every line says. Every metric is told apart by the name, few by the version.
#[derive(Entry)]
#[entry(rename_all = "PascalCase")]
struct Common {
    function_name: String,
    function_version: String,
}

/// A property for whoever searches the log; no dimension.
#[derive(Entry)]
#[entry(rename_all = "PascalCase")]
struct InTrace {
    trace_id: Option<String>,
}

impl Metrics {
    /// To stdout, told apart by `AWS_LAMBDA_FUNCTION_NAME` and, where a deployment
    /// looks at them, `AWS_LAMBDA_FUNCTION_VERSION`.
    pub fn stdout(env: &Env) -> Self {
        Self::to(env, io::stdout)
    }

    /// To whatever `writer` makes for each line.
    pub fn to(env: &Env, writer: impl for<'a> MakeWriter<'a> + Send + Sync + 'static) -> Self {
        let variable = |name| env.optional(name).unwrap_or_default();
        let common = Common {
            function_name: variable("AWS_LAMBDA_FUNCTION_NAME"),
            function_version: variable("AWS_LAMBDA_FUNCTION_VERSION"),
        };
        let dimensions = vec![vec!["FunctionName".to_owned()]];
        let format = Emf::builder(NAMESPACE.to_owned(), dimensions).build();
        let stream = format.merge_globals(common).output_to_makewriter(writer);
        Self::new(FlushImmediately::new_boxed(stream))
    }

    /// Nowhere.
    pub fn discarded() -> Self {
        Self::new(DevNullSink::boxed())
    }

    fn new(sink: BoxEntrySink) -> Self {
        Self {
            sink,
            began: Instant::now(),
            is_warm: Arc::default(),
            clients: None,
        }
    }

    /// The same, with what `clients` count in each unit of work.
    pub fn counting(&self, clients: Clients) -> Self {
        Self {
            clients: Some(clients),
            ..self.clone()
        }
    }

    /// Since these were made, which is the first that a function does.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// The environment's part in the unit of work that ends now.
    pub fn work(&self) -> Work {
        Work {
            cold_start: u64::from(!self.is_warm.swap(true, Relaxed)),
            clients: self.clients(),
        }
    }

    /// What the clients did since the last unit of work.
    pub fn clients(&self) -> Option<ClientMetrics> {
        self.clients.as_ref().map(Clients::take)
    }

    /// Counts work that was answered for and not done, if there was any: a version
    /// that traffic moves to is given up for it.
    pub fn count_failures(&self, failures: usize) {
        if failures > 0 {
            self.record(FailureMetrics {
                failures: failures as u64,
            });
        }
    }

    /// Writes one unit of work.
    pub fn record<E>(&self, unit_of_work: E)
    where
        E: CloseValue,
        E::Closed: InflectableEntry + Send + 'static,
    {
        let trace_id = TraceId::current();
        let entry = RootEntry::new(unit_of_work.close());
        self.sink.append(InTrace { trace_id }.merge(entry));
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}
