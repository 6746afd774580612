//! Everything that can go wrong, with its tag, its log level and its words.

use jiff::Timestamp;
use lambda_runtime::Diagnostic;
use lessons::StoreError;
use shared::config::ConfigError;
use tracing::Level;

/// A failure of the function, or of one invocation.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The environment is wrong; the function does not start.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The event is none of those that the function knows.
    #[error("{0}")]
    Event(String),
    /// The slot begins after the function's own end.
    #[error(
        "the slot of {slot} begins after this invocation must end: check `lead_minutes`, or raise the function's \
         Timeout to lead_minutes and two minutes more"
    )]
    TooFarAhead {
        /// Its begin.
        slot: Timestamp,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PublishError {
    /// A stable name for filters and alarms.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::Event(_) => "event",
            Self::TooFarAhead { .. } => "too_far_ahead",
            Self::Store(error) => error.tag(),
        }
    }

    /// A warning mends itself with time; an error needs a person.
    pub fn level(&self) -> Level {
        match self {
            Self::Store(error) if error.is_transient() => Level::WARN,
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

impl From<PublishError> for Diagnostic {
    fn from(error: PublishError) -> Self {
        Diagnostic {
            error_type: error.tag().to_owned(),
            error_message: error.to_string(),
        }
    }
}
