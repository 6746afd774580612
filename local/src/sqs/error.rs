//! Everything that can go wrong in SQS, and how each looks on the wire.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};

/// An SQS call's failure. `Display` is the message that the caller reads.
#[derive(Debug, thiserror::Error)]
pub enum SqsError {
    /// No queue of that name.
    #[error("The specified queue does not exist.")]
    QueueDoesNotExist,
    /// `CreateQueue` of an existing queue with other attributes.
    #[error("A queue already exists with the same name and a different value for attribute {attribute}")]
    QueueNameExists {
        /// The first attribute that differs.
        attribute: String,
    },
    /// A batch without entries.
    #[error("There should be at least one {0} in the request.")]
    EmptyBatchRequest(&'static str),
    /// A batch of more than ten.
    #[error("Maximum number of entries per request are 10. You have sent {0}.")]
    TooManyEntriesInBatchRequest(usize),
    /// Two entries share an id.
    #[error("Id {0} repeated.")]
    BatchEntryIdsNotDistinct(String),
    /// The messages of a batch are too large together.
    #[error("Batch requests cannot be longer than {limit} bytes. You have sent {sent} bytes.")]
    BatchRequestTooLong {
        /// The service's limit.
        limit: usize,
        /// Bodies and attributes together.
        sent: usize,
    },
    /// An entry id with characters outside `[A-Za-z0-9_-]`, or not 1 to 80 long.
    #[error(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
    )]
    InvalidBatchEntryId,
    /// A character that XML 1.0 cannot hold.
    #[error(
        "Invalid binary character '#x{0:X}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF"
    )]
    InvalidMessageContents(u32),
    /// A receipt handle that this queue never gave out.
    #[error("The input receipt handle is invalid.")]
    ReceiptHandleIsInvalid,
    /// A visibility change for a message that nobody holds.
    #[error("The message referred to is not in flight.")]
    MessageNotInflight,
    /// 120,000 messages of the queue are in flight.
    #[error("Too many messages in flight: delete or release some before receiving more.")]
    OverLimit,
    /// An attribute that queues do not have.
    #[error("Unknown Attribute {0}.")]
    InvalidAttributeName(String),
    /// A queue attribute with an impossible value.
    #[error("Invalid value for the parameter {0}.")]
    InvalidAttributeValue(String),
    /// A required part of the request is absent.
    #[error("The request must contain the parameter {0}.")]
    MissingParameter(&'static str),
    /// Any other value out of range.
    #[error("{0}")]
    InvalidParameterValue(String),
    /// Something that SQS has and this emulation does not.
    #[error("{0}")]
    UnsupportedOperation(String),
    /// The body is not the JSON that the action takes.
    #[error("The request body cannot be read: {0}")]
    Serialization(#[from] serde_json::Error),
    /// An action by a name that is not known here.
    #[error("The action {0} is not known to the local SQS.")]
    UnknownAction(String),
    /// A fault on purpose.
    #[error("The service is unavailable (fault `sqs_failed_calls`).")]
    ServiceUnavailable,
    /// The store on disk failed.
    #[error("The queue store failed: {0}. Check free space and permissions of the data folder.")]
    Store(#[from] fjall::Error),
    /// What is on disk cannot be read back.
    #[error("The queue store holds an unreadable {what} ({key}). Move the data folder away and start again.")]
    Corrupt {
        /// What kind of record.
        what: &'static str,
        /// Where.
        key: String,
    },
    /// The worker thread of a store call ended early.
    #[error("The queue store's worker stopped: {0}")]
    Worker(#[from] tokio::task::JoinError),
}

/// The error's name in `__type` and in the `x-amzn-query-error` header, which
/// the SDKs read first, and its status.
struct Code {
    shape: &'static str,
    query: &'static str,
    status: StatusCode,
}

impl SqsError {
    /// The error's code as batch entries carry it, without a namespace.
    pub(super) fn entry_code(&self) -> &'static str {
        self.code().query
    }

    /// Whether the sender, not the service, is at fault.
    pub(super) fn sender_fault(&self) -> bool {
        self.code().status.is_client_error()
    }

    fn code(&self) -> Code {
        let (shape, query, status) = match self {
            Self::QueueDoesNotExist => (
                "com.amazonaws.sqs#QueueDoesNotExist",
                "AWS.SimpleQueueService.NonExistentQueue",
                400,
            ),
            Self::QueueNameExists { .. } => ("com.amazonaws.sqs#QueueNameExists", "QueueAlreadyExists", 400),
            Self::EmptyBatchRequest(_) => (
                "com.amazonaws.sqs#EmptyBatchRequest",
                "AWS.SimpleQueueService.EmptyBatchRequest",
                400,
            ),
            Self::TooManyEntriesInBatchRequest(_) => (
                "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
                400,
            ),
            Self::BatchEntryIdsNotDistinct(_) => (
                "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                400,
            ),
            Self::BatchRequestTooLong { .. } => (
                "com.amazonaws.sqs#BatchRequestTooLong",
                "AWS.SimpleQueueService.BatchRequestTooLong",
                400,
            ),
            Self::InvalidBatchEntryId => (
                "com.amazonaws.sqs#InvalidBatchEntryId",
                "AWS.SimpleQueueService.InvalidBatchEntryId",
                400,
            ),
            Self::InvalidMessageContents(_) => (
                "com.amazonaws.sqs#InvalidMessageContents",
                "InvalidMessageContents",
                400,
            ),
            Self::ReceiptHandleIsInvalid => (
                "com.amazonaws.sqs#ReceiptHandleIsInvalid",
                "ReceiptHandleIsInvalid",
                400,
            ),
            Self::MessageNotInflight => (
                "com.amazonaws.sqs#MessageNotInflight",
                "AWS.SimpleQueueService.MessageNotInflight",
                400,
            ),
            Self::OverLimit => ("com.amazonaws.sqs#OverLimit", "OverLimit", 400),
            Self::InvalidAttributeName(_) => (
                "com.amazonaws.sqs#InvalidAttributeName",
                "InvalidAttributeName",
                400,
            ),
            Self::InvalidAttributeValue(_) => (
                "com.amazonaws.sqs#InvalidAttributeValue",
                "InvalidAttributeValue",
                400,
            ),
            Self::MissingParameter(_) => (
                "com.amazon.coral.service#MissingRequiredParameterException",
                "MissingParameter",
                400,
            ),
            Self::InvalidParameterValue(_) => (
                "com.amazon.coral.service#InvalidParameterValueException",
                "InvalidParameterValue",
                400,
            ),
            Self::UnsupportedOperation(_) => (
                "com.amazonaws.sqs#UnsupportedOperation",
                "AWS.SimpleQueueService.UnsupportedOperation",
                400,
            ),
            Self::Serialization(_) => (
                "com.amazon.coral.service#SerializationException",
                "SerializationException",
                400,
            ),
            Self::UnknownAction(_) => (
                "com.amazon.coral.service#UnknownOperationException",
                "InvalidAction",
                400,
            ),
            Self::ServiceUnavailable => (
                "com.amazon.coral.service#ServiceUnavailableException",
                "ServiceUnavailable",
                503,
            ),
            Self::Store(_) | Self::Corrupt { .. } | Self::Worker(_) => {
                ("com.amazon.coral.service#InternalFailure", "InternalError", 500)
            }
        };
        Code {
            shape,
            query,
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// The answer as the SDKs read it: JSON 1.0 with query-compatible codes.
    pub(super) fn response(&self) -> Response<Bytes> {
        let code = self.code();
        let fault = if self.sender_fault() { "Sender" } else { "Receiver" };
        let body = serde_json::json!({ "__type": code.shape, "message": self.to_string() });
        let mut response = super::actions::json(code.status, body.to_string().into());
        if let Ok(value) = HeaderValue::from_str(&format!("{};{fault}", code.query)) {
            response.headers_mut().insert("x-amzn-query-error", value);
        }
        response
    }
}
