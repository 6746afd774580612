//! Metrics: one line a unit of work, in CloudWatch's [embedded metric format].
//!
//! CloudWatch makes metrics of such lines as they arrive with the logs, so a function
//! calls nobody for them. They are written before the answer, since an environment
//! may be frozen right after it. With JSON logs Lambda takes them for lines at INFO,
//! and throws them away at a level above.
//!
//! [embedded metric format]: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

use std::{fmt, io};

use metrique::{
    CloseValue, InflectableEntry, RootEntry,
    emf::Emf,
    writer::{BoxEntrySink, Entry, EntrySink as _, FormatExt as _, sink::FlushImmediately},
};

use crate::config::Env;

/// The namespace of all metrics.
pub const NAMESPACE: &str = "Punctual";

/// Where an environment's metrics go. Clones share it.
#[derive(Clone)]
pub struct Metrics(BoxEntrySink);

/// What every line says, and every metric is told apart by.
#[derive(Entry)]
#[entry(rename_all = "PascalCase")]
struct Common {
    function_name: String,
}

impl Metrics {
    /// To stdout, told apart by `AWS_LAMBDA_FUNCTION_NAME`.
    pub fn stdout(env: &Env) -> Self {
        Self::to(env, io::stdout)
    }

    /// To whatever `writer` makes for each line.
    pub fn to<W: io::Write>(env: &Env, writer: impl Fn() -> W + Send + Sync + 'static) -> Self {
        let common = Common {
            function_name: env.optional("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default(),
        };
        let dimensions = vec![vec!["FunctionName".to_owned()]];
        let format = Emf::builder(NAMESPACE.to_owned(), dimensions).build();
        let stream = format.merge_globals(common).output_to_makewriter(writer);
        Self(FlushImmediately::new_boxed(stream))
    }

    /// Writes one unit of work.
    pub fn record<E>(&self, unit_of_work: E)
    where
        E: CloseValue,
        E::Closed: InflectableEntry + Send + 'static,
    {
        self.0.append(RootEntry::new(unit_of_work.close()));
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}
