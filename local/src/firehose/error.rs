//! Everything that can go wrong in Firehose, and how each looks on the wire.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};

/// A Firehose call's failure. `Display` is the message that the caller reads.
#[derive(Debug, thiserror::Error)]
pub enum FirehoseError {
    /// A field breaks its shape's constraint.
    #[error("1 validation error detected: {0}")]
    Validation(String),
    /// The request as a whole is too large, or a value makes no sense.
    #[error("{0}")]
    InvalidArgument(String),
    /// No stream of that name.
    #[error("Firehose {0} not found.")]
    ResourceNotFound(String),
    /// A stream of that name exists.
    #[error("Firehose {0} already exists.")]
    ResourceInUse(String),
    /// A fault on purpose.
    #[error("Slow down. (fault `firehose_throttled_calls`)")]
    Throttled,
    /// A fault on purpose, for a call of a single record.
    #[error("Slow down. (fault `firehose_failed_records`)")]
    RecordRefused,
    /// The files cannot be written: a full disk, for example.
    #[error("The delivery stream cannot write to {file}: {source}")]
    Io {
        /// Relative to the Firehose folder, when it is known.
        file: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The body is not the JSON that the action takes.
    #[error("The request body cannot be read: {0}")]
    Serialization(#[from] serde_json::Error),
    /// `Data` is not base64.
    #[error("The data of record {0} is not base64.")]
    NotBase64(usize),
    /// An action by a name that is not known here.
    #[error("The action {0} is not known to the local Firehose.")]
    UnknownAction(String),
    /// The worker thread of a call ended early.
    #[error("The delivery stream's worker stopped: {0}")]
    Worker(#[from] tokio::task::JoinError),
}

impl FirehoseError {
    /// Binds an I/O error to the file that it is about.
    pub(super) fn io(file: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self {
        let file = file.display().to_string();
        move |source| Self::Io { file, source }
    }

    /// The name in `__type`, and the status.
    ///
    /// `ServiceUnavailableException` is 500 by the PutRecordBatch API
    /// reference; the SDKs retry it by its name as well as by its status.
    fn code(&self) -> (&'static str, StatusCode) {
        match self {
            Self::Validation(_) => ("ValidationException", StatusCode::BAD_REQUEST),
            Self::InvalidArgument(_) => ("InvalidArgumentException", StatusCode::BAD_REQUEST),
            Self::ResourceNotFound(_) => ("ResourceNotFoundException", StatusCode::BAD_REQUEST),
            Self::ResourceInUse(_) => ("ResourceInUseException", StatusCode::BAD_REQUEST),
            Self::Throttled | Self::RecordRefused | Self::Io { .. } => {
                ("ServiceUnavailableException", StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Serialization(_) | Self::NotBase64(_) => {
                ("SerializationException", StatusCode::BAD_REQUEST)
            }
            Self::UnknownAction(_) => ("UnknownOperationException", StatusCode::BAD_REQUEST),
            Self::Worker(_) => ("InternalFailure", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    pub(super) fn response(&self) -> Response<Bytes> {
        let (name, status) = self.code();
        let body = serde_json::json!({ "__type": name, "message": self.to_string() });
        json(status, body.to_string().into())
    }
}

/// An answer as JSON 1.1 with a request id.
pub(super) fn json(status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_static("application/x-amz-json-1.1");
    headers.insert(http::header::CONTENT_TYPE, content_type);
    if let Ok(id) = HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}
