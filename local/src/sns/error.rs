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
        "The action {0} is not known to the local SNS, which has CreateTopic, GetTopicAttributes, ListTopics, Publish and PublishBatch."
    )]
    InvalidAction(String),
    /// A batch without messages.
    #[error("The batch request doesn't contain any entries.")]
    EmptyBatch,
    /// A batch with more messages than one holds.
    #[error("The batch request contains more entries than permissible (more than 10): {0}.")]
    TooManyEntries(usize),
    /// Two messages of a batch by one id.
    #[error("Two or more batch entries in the request have the same Id.")]
    EntryIdsNotDistinct,
    /// An id that is none.
    #[error(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores, at most 80."
    )]
    InvalidEntryId,
    /// A batch whose messages are too long together.
    #[error("The length of all the batch messages put together is more than the limit of 262144 bytes.")]
    BatchTooLong,
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
            Self::EmptyBatch => ("EmptyBatchRequest", StatusCode::BAD_REQUEST),
            Self::TooManyEntries(_) => ("TooManyEntriesInBatchRequest", StatusCode::BAD_REQUEST),
            Self::EntryIdsNotDistinct => ("BatchEntryIdsNotDistinct", StatusCode::BAD_REQUEST),
            Self::InvalidEntryId => ("InvalidBatchEntryId", StatusCode::BAD_REQUEST),
            Self::BatchTooLong => ("BatchRequestTooLong", StatusCode::BAD_REQUEST),
            Self::ServiceUnavailable => ("ServiceUnavailable", StatusCode::SERVICE_UNAVAILABLE),
            Self::Io { .. } | Self::Worker(_) => ("InternalError", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// As an entry of a batch that failed has it.
    pub(super) fn of_entry(&self) -> String {
        let (code, status) = self.code();
        let sender = status.is_client_error().to_string();
        xml::element("Code", code)
            + &xml::element("Message", &self.to_string())
            + &xml::element("SenderFault", &sender)
    }

    pub(super) fn response(&self) -> Response<Bytes> {
        let (code, status) = self.code();
        let sender = status.is_client_error();
        xml::response(status, xml::failure(sender, code, &self.to_string()))
    }
}
