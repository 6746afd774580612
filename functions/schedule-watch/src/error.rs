//! Everything that can go wrong, with its tag, its log level and its words.

use jiff::Timestamp;
use lambda_runtime::Diagnostic;
use lessons::{StoreError, store::Channel};
use shared::{config::ConfigError, refusal::Refusal};
use tracing::Level;

/// A failure of the function or of one invocation. All but the first three are
/// survived: they are logged, people are told by whatever way is left, and the
/// next wake tries again.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The environment is wrong; the function does not start.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The event is none of those that the function knows.
    #[error("{0}")]
    Event(String),
    /// The slot begins after the function's own end.
    #[error(
        "the slot of {slot} begins after this invocation must end: check `lead_minutes`, or raise the function's \
         Timeout to lead_minutes and half a minute more"
    )]
    TooFarAhead {
        /// Its begin.
        slot: Timestamp,
    },
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A channel has not taken a message.
    #[error(
        "{} has not taken a message: {refusal}; the next wake tries again. {}",
        name_of(*channel),
        check(*channel)
    )]
    Untold {
        /// Which one.
        channel: Channel,
        /// What it said.
        refusal: Refusal,
    },
    /// The publisher could not be asked for a replay.
    #[error(
        "a replay could not be asked for: {0}; the next wake tries again. Check PUBLISH_FUNCTION and the function's \
         role (lambda:InvokeFunction)"
    )]
    Unreplayed(Refusal),
}

/// The name that answers and logs have for a channel.
pub fn name_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Sns => "sns",
        Channel::Slack => "slack",
    }
}

fn check(channel: Channel) -> &'static str {
    match channel {
        Channel::Sns => "Check ALERT_TOPIC_ARN and the function's role (sns:Publish)",
        Channel::Slack => "Check the webhook's URL and the function's role (ssm:GetParameter)",
    }
}

impl WatchError {
    /// A stable name for filters and alarms.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::Event(_) => "event",
            Self::TooFarAhead { .. } => "too_far_ahead",
            Self::Store(error) => error.tag(),
            Self::Untold { .. } => "untold",
            Self::Unreplayed(_) => "unreplayed",
        }
    }

    /// A warning mends itself with time; an error needs a person, as does a
    /// database that cannot be read: nobody knows then whether lessons open.
    pub fn level(&self) -> Level {
        match self {
            Self::Untold { refusal, .. } | Self::Unreplayed(refusal) if !refusal.permanent => Level::WARN,
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

impl From<WatchError> for Diagnostic {
    fn from(error: WatchError) -> Self {
        Diagnostic {
            error_type: error.tag().to_owned(),
            error_message: error.to_string(),
        }
    }
}
