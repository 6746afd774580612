//! Everything that can go wrong in SQS; `error_code` has the wire's names for it.

/// An SQS call's failure. `Display` is the message that the caller reads.
#[derive(Debug, thiserror::Error)]
pub enum SqsError {
    /// No queue of that name.
    #[error("The specified queue does not exist.")]
    QueueDoesNotExist,
    /// `CreateQueue` of an existing queue with other attributes.
    #[error(
        "A queue already exists with the same name and a different value for attribute {attribute}"
    )]
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
    #[error(
        "The queue store failed: {0}. Check free space and permissions of the data folder, then start again: the store takes no more writes after a failed one."
    )]
    Store(#[from] fjall::Error),
    /// What is on disk cannot be read back.
    #[error(
        "The queue store holds an unreadable {what} ({key}). Move the data folder away and start again."
    )]
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
