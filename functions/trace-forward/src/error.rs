//! Everything that can go wrong, with its tag, its log level and its words.

use lambda_runtime::Diagnostic;
use shared::{config::ConfigError, envelope::Stream};
use tracing::Level;

/// A failure of the function or of one invocation. Those that concern single
/// messages are logged; the messages themselves are in the batch answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForwardError {
    /// The environment is wrong; the function does not start.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Firehose will take nothing for a stream.
    #[error(
        "Firehose refuses the stream {stream}: {code}; {records} records go back to the queue. \
         Check the stream's name, the function's role and the stream's KMS key"
    )]
    StreamRefused {
        /// Which stream.
        stream: Stream,
        /// How many records did not get in.
        records: usize,
        /// Firehose's error code.
        code: String,
    },
    /// Firehose finds single records invalid.
    #[error(
        "Firehose rejects {records} records of {stream} as invalid: {code}; their messages go back to the \
         queue, and by its redrive policy to the dead-letter queue"
    )]
    RecordsRejected {
        /// Which stream.
        stream: Stream,
        /// How many records, each sent alone.
        records: usize,
        /// Firehose's error code.
        code: String,
    },
    /// Retries did not succeed before the deadline's margin.
    #[error(
        "{records} records of {stream} were not accepted in time, last: {code}; they go back to the queue"
    )]
    OutOfTime {
        /// Which stream.
        stream: Stream,
        /// How many records did not get in.
        records: usize,
        /// The last failure's code; empty when no call was answered.
        code: String,
    },
    /// Undeliverable messages could not be moved.
    #[error(
        "{messages} undeliverable messages did not get into the dead-letter queue: {code}; they go back to \
         the queue. Check DEAD_LETTER_QUEUE_URL and the function's role"
    )]
    DeadLetterQueueFailed {
        /// How many.
        messages: usize,
        /// The last error's code.
        code: String,
    },
    /// Failed messages have no id to be reported by.
    #[error("{messages} failed messages have no messageId, so the whole batch goes back to the queue")]
    Unreportable {
        /// How many.
        messages: usize,
    },
}

impl ForwardError {
    /// A stable name for filters and alarms.
    pub fn tag(&self) -> &'static str {
        match self {
            ForwardError::Config(_) => "config",
            ForwardError::StreamRefused { .. } => "stream_refused",
            ForwardError::RecordsRejected { .. } => "records_rejected",
            ForwardError::OutOfTime { .. } => "out_of_time",
            ForwardError::DeadLetterQueueFailed { .. } => "dead_letter_queue_failed",
            ForwardError::Unreportable { .. } => "unreportable",
        }
    }

    /// A warning mends itself with time; an error needs a person.
    pub fn level(&self) -> Level {
        match self {
            ForwardError::OutOfTime { .. } => Level::WARN,
            _ => Level::ERROR,
        }
    }

    /// Writes the failure's one log line.
    pub fn log(&self) {
        let tag = self.tag();
        if self.level() == Level::WARN {
            tracing::warn!(tag, "{self}");
        } else {
            tracing::error!(tag, "{self}");
        }
    }
}

impl From<ForwardError> for Diagnostic {
    fn from(error: ForwardError) -> Self {
        Diagnostic {
            error_type: error.tag().to_owned(),
            error_message: error.to_string(),
        }
    }
}
