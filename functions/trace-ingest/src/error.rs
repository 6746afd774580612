//! Why a request was not answered with success.

use lambda_http::http::{StatusCode, header};
use shared::{entry::EntryError, problem::Problem};
use tracing::Level;

use crate::dialect::{MAX_TRACES, Rejected};

/// One enum for the whole function: it owns the problem's tag, the status, what
/// the client is told and how loud the log is.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// Not let in.
    #[error("{0}")]
    Entry(#[from] EntryError),
    /// No such path.
    #[error("nothing is here; traces are posted to /data/agents/traces")]
    NotFound,
    /// Not UTF-8.
    #[error("the body is not UTF-8")]
    NotUtf8,
    /// Not JSON, or not an array where one has to be.
    #[error("the body is not usable JSON: it goes wrong at line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// JSON, but of no dialect.
    #[error("the body must be a trace, an array of traces, or an object of OwnTracks or Overland")]
    UnknownShape,
    /// An empty batch.
    #[error("there are no traces in the body")]
    NoTraces,
    /// More traces than one request may have.
    #[error("{count} traces are more than the {MAX_TRACES} that one request may have")]
    TooManyTraces {
        /// How many there are.
        count: usize,
    },
    /// Not one trace can be stored.
    #[error("none of the traces can be stored")]
    NothingAcceptable {
        /// What is wrong with each.
        rejected: Vec<Rejected>,
    },
    /// SQS did not accept everything in time.
    #[error("{} of {total} traces could not be stored now; send them again", .missing.len())]
    NotStored {
        /// How many were to be stored.
        total: usize,
        /// The places in the request of those that were not.
        missing: Vec<usize>,
        /// SQS' last error code, for the log.
        code: String,
    },
}

impl IngestError {
    /// Where serde_json stopped. Its own words may quote the body.
    pub(crate) fn not_json(error: serde_json::Error) -> Self {
        Self::NotJson {
            line: error.line(),
            column: error.column(),
        }
    }

    /// The stable name of this kind, for problem types, logs and metrics.
    pub fn tag(&self) -> &'static str {
        self.kind().0
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.kind().1
    }

    /// Ours is an error; the client's is worth a warning where it may be an
    /// attack or a broken client, and nothing where anyone may send it.
    pub fn log_level(&self) -> Level {
        match self {
            Self::NotStored { .. } => Level::ERROR,
            Self::NotFound | Self::Entry(EntryError::MethodNotAllowed { .. }) => Level::DEBUG,
            _ => Level::WARN,
        }
    }

    /// The code of the service that refused, where one did.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::NotStored { code, .. } => Some(code),
            _ => None,
        }
    }

    fn kind(&self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::Entry(error) => error.kind(),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "No such path"),
            Self::NotUtf8 | Self::NotJson { .. } | Self::UnknownShape => {
                ("not-json", StatusCode::BAD_REQUEST, "Not usable JSON")
            }
            Self::NoTraces => ("no-traces", StatusCode::BAD_REQUEST, "No traces"),
            Self::TooManyTraces { .. } => (
                "too-many-traces",
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too many traces",
            ),
            Self::NothingAcceptable { .. } => (
                "nothing-acceptable",
                StatusCode::BAD_REQUEST,
                "No acceptable trace",
            ),
            Self::NotStored { .. } => ("not-stored", StatusCode::SERVICE_UNAVAILABLE, "Not stored"),
        }
    }
}

impl From<&IngestError> for Problem {
    fn from(error: &IngestError) -> Self {
        let (tag, status, title) = error.kind();
        let problem = Problem::new(status, tag, title, error.to_string());
        match error {
            IngestError::Entry(error) => error.headers(problem),
            IngestError::NothingAcceptable { rejected } => {
                problem.with("accepted", 0).with("rejected", rejected)
            }
            IngestError::NotStored { missing, .. } => {
                problem.with("missing", missing).header(header::RETRY_AFTER, 1)
            }
            _ => problem,
        }
    }
}
