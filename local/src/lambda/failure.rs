//! How an invocation can end without an answer, in Lambda's own words.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use super::outcome::{Outcome, document};

/// Why an environment gave no answer of its own.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    TimedOut(Duration),
    Exited(String),
    OutOfMemory,
    ResponseTooLarge(Option<usize>),
    /// Answered, and did not ask for its next event within the time-out.
    Silent(Duration),
    InitTimedOut(Duration),
    /// How it ended, and the last line that it wrote to stderr.
    InitExited(String, String),
    /// The document that the runtime posted to `init/error`.
    InitReported(Bytes),
    NotStarted(String),
}

impl Failure {
    /// The error document for the invocation that met this failure.
    pub fn outcome(&self, request_id: Uuid) -> Outcome {
        let payload = match self {
            Self::InitReported(document) => document.clone(),
            _ => document(self.error_type(), &self.words(request_id)),
        };
        Outcome {
            payload,
            failed: true,
        }
    }

    fn error_type(&self) -> &'static str {
        match self {
            Self::TimedOut(_) | Self::Silent(_) | Self::InitTimedOut(_) => "Sandbox.Timedout",
            Self::Exited(_) | Self::InitExited(..) | Self::InitReported(_) => "Runtime.ExitError",
            Self::OutOfMemory => "Runtime.OutOfMemory",
            Self::ResponseTooLarge(_) => "Function.ResponseSizeTooLarge",
            Self::NotStarted(_) => "Runtime.InvalidEntrypoint",
        }
    }

    /// The failure of one invocation, as its caller and its log have it.
    pub fn words(&self, request_id: Uuid) -> String {
        let limit = super::MAX_PAYLOAD_BYTES;
        match self {
            Self::ResponseTooLarge(Some(size)) => format!(
                "Response payload size ({size} bytes) exceeded maximum allowed payload size ({limit} bytes)."
            ),
            Self::ResponseTooLarge(None) => {
                format!("Response payload size exceeded maximum allowed payload size ({limit} bytes).")
            }
            other => format!("RequestId: {request_id} Error: {}", other.reason()),
        }
    }

    /// A process that a fault or a person killed.
    pub fn killed() -> Self {
        Self::Exited("signal: killed".to_owned())
    }

    /// The failure without the invocation that it hit, for logs and start-up.
    pub fn reason(&self) -> String {
        match self {
            Self::TimedOut(after) => {
                format!("Task timed out after {:.2} seconds", after.as_secs_f64())
            }
            Self::Silent(limit) => format!(
                "Runtime answered, but did not ask for its next event within the {:.2} seconds of its time-out",
                limit.as_secs_f64()
            ),
            Self::InitTimedOut(after) => format!(
                "Initialization timed out after {:.2} seconds: the function did not ask for its first event",
                after.as_secs_f64()
            ),
            Self::Exited(status) if status == "exit status 0" => {
                "Runtime exited without providing a reason".to_owned()
            }
            Self::Exited(status) => format!("Runtime exited with error: {status}"),
            Self::OutOfMemory => "Runtime exited with error: signal: killed".to_owned(),
            Self::InitExited(status, last_line) if last_line.is_empty() => {
                format!("Runtime exited during initialization: {status}")
            }
            Self::InitExited(status, last_line) => {
                format!("Runtime exited during initialization: {status}; its last line: {last_line}")
            }
            Self::InitReported(document) => format!(
                "Runtime reported an initialization error: {}",
                String::from_utf8_lossy(document)
            ),
            Self::NotStarted(reason) => format!("fork/exec failed: {reason}"),
            Self::ResponseTooLarge(_) => "Response payload too large".to_owned(),
        }
    }
}

/// An exit status in the words of Go's `os/exec`, which Lambda's messages use.
pub(crate) fn describe(status: ExitStatus) -> String {
    let Some(signal) = status.signal() else {
        return format!("exit status {}", status.code().unwrap_or_default());
    };
    let name = match signal {
        2 => "interrupt",
        4 => "illegal instruction",
        6 => "aborted",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        15 => "terminated",
        other => return format!("signal: {other}"),
    };
    format!("signal: {name}")
}
