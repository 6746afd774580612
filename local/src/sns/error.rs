//! Everything that can go wrong in SNS, and how each looks on the wire.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::xml;

/// An SNS call's failure. `Display` is the message that the caller reads.
#[derive(Debug, thiserror::Error)]
pub enum SnsError {
    /// No topic of that ARN.
    #[error("Topic does not exist")]
    NotFound,
    /// A parameter that is absent or breaks its constraint.
    #[error("Invalid parameter: {0}")]
    InvalidParameter(String),
    /// A message attribute that is none.
    #[error("The message attribute '{name}' is invalid: {reason}")]
    InvalidAttribute {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// An action by a name that is not known here.
    #[error(
        "The action {0} is not known to the local SNS, which has CreateTopic, GetTopicAttributes, ListTopics and Publish."
    )]
    InvalidAction(String),
    /// A fault on purpose.
    #[error("The service is unavailable (fault `sns_failed_calls`).")]
    ServiceUnavailable,
    /// The topic's file cannot be written: a full disk, for example.
    #[error("The topic cannot write to {file}: {source}")]
    Io {
        /// The file or folder.
        file: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The worker thread of a call ended early.
    #[error("The topic's worker stopped: {0}")]
    Worker(#[from] tokio::task::JoinError),
}

impl SnsError {
    /// In SNS's own words.
    pub(super) fn invalid(what: impl Into<String>) -> Self {
        Self::InvalidParameter(what.into())
    }

    /// Binds an I/O error to the file that it is about.
    pub(super) fn io(file: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let file = file.display().to_string();
        move |source| Self::Io { file, source }
    }

    /// The name in `Code`, and the status.
    fn code(&self) -> (&'static str, StatusCode) {
        match self {
            Self::NotFound => ("NotFound", StatusCode::NOT_FOUND),
            Self::InvalidParameter(_) => ("InvalidParameter", StatusCode::BAD_REQUEST),
            Self::InvalidAttribute { .. } => ("ParameterValueInvalid", StatusCode::BAD_REQUEST),
            Self::InvalidAction(_) => ("InvalidAction", StatusCode::BAD_REQUEST),
            Self::ServiceUnavailable => ("ServiceUnavailable", StatusCode::SERVICE_UNAVAILABLE),
            Self::Io { .. } | Self::Worker(_) => ("InternalError", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    pub(super) fn response(&self) -> Response<Bytes> {
        let (code, status) = self.code();
        let sender = status.is_client_error();
        xml::response(status, xml::failure(sender, code, &self.to_string()))
    }
}
