//! Why a request was not answered with a run sheet.

use lambda_http::http::StatusCode;
use run_sheet::MAX_ORDERS;
use shared::{entry::EntryError, problem::Problem};
use tracing::Level;

use crate::{case::CaseError, request::ReadError, value::Bad};

/// One enum for the whole function: it owns the problem's tag, the status, what
/// the client is told and how loud the log is.
#[derive(Debug, thiserror::Error)]
pub enum ActionError {
    /// Not let in.
    #[error("{0}")]
    Entry(#[from] EntryError),
    /// No such path.
    #[error("nothing is here; actions are posted to /data/agents/actions")]
    NotFound,
    /// Not JSON.
    #[error("the body is not usable JSON: it goes wrong at line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A field is missing or of another kind.
    #[error("{} {}", .0.field, .0.reason)]
    Malformed(Bad),
    /// A field makes no sense, or asks for what is not supported.
    #[error("{} {}", .0.field, .0.reason)]
    Invalid(Bad),
    /// More orders than one rider can have.
    #[error("{0} orders are more than the {MAX_ORDERS} that one rider may have")]
    TooManyOrders(usize),
    /// Lambda would not carry the answer.
    #[error("the answer would have {0} bytes, more than Lambda carries; leave descriptions out")]
    AnswerTooLarge(usize),
    /// A fault of ours.
    #[error("the search failed; this is a fault of the server")]
    SearchFailed,
}

impl ActionError {
    /// The stable name of this kind, for problem types, logs and metrics.
    pub fn tag(&self) -> &'static str {
        self.kind().0
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.kind().1
    }

    /// Ours is an error; the client's is worth a warning, and nothing where anyone
    /// may send it.
    pub fn log_level(&self) -> Level {
        match self {
            Self::SearchFailed => Level::ERROR,
            Self::NotFound | Self::Entry(EntryError::MethodNotAllowed { .. }) => Level::DEBUG,
            _ => Level::WARN,
        }
    }

    /// The path of the field that is wrong, where it is one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Malformed(bad) | Self::Invalid(bad) => Some(&bad.field),
            _ => None,
        }
    }

    fn kind(&self) -> (&'static str, StatusCode, &'static str) {
        match self {
            Self::Entry(error) => error.kind(),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "No such path"),
            Self::NotJson { .. } => ("not-json", StatusCode::BAD_REQUEST, "Not usable JSON"),
            Self::Malformed(_) => ("malformed-field", StatusCode::BAD_REQUEST, "A field is malformed"),
            Self::Invalid(_) => (
                "invalid-field",
                StatusCode::UNPROCESSABLE_ENTITY,
                "A field cannot be honoured",
            ),
            Self::TooManyOrders(_) => (
                "too-many-orders",
                StatusCode::PAYLOAD_TOO_LARGE,
                "Too many orders",
            ),
            Self::AnswerTooLarge(_) => (
                "answer-too-large",
                StatusCode::PAYLOAD_TOO_LARGE,
                "The answer would be too large",
            ),
            Self::SearchFailed => (
                "search-failed",
                StatusCode::INTERNAL_SERVER_ERROR,
                "The search failed",
            ),
        }
    }
}

impl From<ReadError> for ActionError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::NotJson { line, column } => Self::NotJson { line, column },
            ReadError::Field(bad) => Self::Malformed(bad),
        }
    }
}

impl From<CaseError> for ActionError {
    fn from(error: CaseError) -> Self {
        match error {
            CaseError::Bad(bad) => Self::Invalid(bad),
            CaseError::TooManyOrders(count) => Self::TooManyOrders(count),
        }
    }
}

impl From<Bad> for ActionError {
    fn from(bad: Bad) -> Self {
        Self::Invalid(bad)
    }
}

impl From<&ActionError> for Problem {
    fn from(error: &ActionError) -> Self {
        let (tag, status, title) = error.kind();
        let problem = Problem::new(status, tag, title, error.to_string());
        match error {
            ActionError::Entry(error) => error.headers(problem),
            ActionError::Malformed(bad) | ActionError::Invalid(bad) => {
                problem.with("field", &bad.field).with("reason", &bad.reason)
            }
            _ => problem,
        }
    }
}
