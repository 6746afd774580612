//! How each error looks on the wire.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};

use super::actions;
use super::error::SqsError;

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

    /// The answer as the SDKs read it: JSON 1.0 with query-compatible codes.
    pub(super) fn response(&self) -> Response<Bytes> {
        let code = self.code();
        let fault = if self.sender_fault() {
            "Sender"
        } else {
            "Receiver"
        };
        let body = serde_json::json!({ "__type": code.shape, "message": self.to_string() });
        let mut response = actions::json(code.status, body.to_string().into());
        if let Ok(value) = HeaderValue::from_str(&format!("{};{fault}", code.query)) {
            response.headers_mut().insert("x-amzn-query-error", value);
        }
        response
    }

    /// Names by the service model: the shape, and the `awsQueryError` code that
    /// it had in the older protocol. The `coral` ones are common to all services.
    fn code(&self) -> Code {
        let sender = |shape, query| Code {
            shape,
            query,
            status: StatusCode::BAD_REQUEST,
        };
        match self {
            Self::QueueDoesNotExist => sender(
                "com.amazonaws.sqs#QueueDoesNotExist",
                "AWS.SimpleQueueService.NonExistentQueue",
            ),
            Self::QueueNameExists { .. } => {
                sender("com.amazonaws.sqs#QueueNameExists", "QueueAlreadyExists")
            }
            Self::EmptyBatchRequest(_) => sender(
                "com.amazonaws.sqs#EmptyBatchRequest",
                "AWS.SimpleQueueService.EmptyBatchRequest",
            ),
            Self::TooManyEntriesInBatchRequest(_) => sender(
                "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            ),
            Self::BatchEntryIdsNotDistinct(_) => sender(
                "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            ),
            Self::BatchRequestTooLong { .. } => sender(
                "com.amazonaws.sqs#BatchRequestTooLong",
                "AWS.SimpleQueueService.BatchRequestTooLong",
            ),
            Self::InvalidBatchEntryId => sender(
                "com.amazonaws.sqs#InvalidBatchEntryId",
                "AWS.SimpleQueueService.InvalidBatchEntryId",
            ),
            Self::InvalidMessageContents(_) => sender(
                "com.amazonaws.sqs#InvalidMessageContents",
                "InvalidMessageContents",
            ),
            Self::ReceiptHandleIsInvalid => sender(
                "com.amazonaws.sqs#ReceiptHandleIsInvalid",
                "ReceiptHandleIsInvalid",
            ),
            Self::MessageNotInflight => sender(
                "com.amazonaws.sqs#MessageNotInflight",
                "AWS.SimpleQueueService.MessageNotInflight",
            ),
            Self::OverLimit => sender("com.amazonaws.sqs#OverLimit", "OverLimit"),
            Self::InvalidAttributeName(_) => sender(
                "com.amazonaws.sqs#InvalidAttributeName",
                "InvalidAttributeName",
            ),
            Self::InvalidAttributeValue(_) => sender(
                "com.amazonaws.sqs#InvalidAttributeValue",
                "InvalidAttributeValue",
            ),
            Self::UnsupportedOperation(_) => sender(
                "com.amazonaws.sqs#UnsupportedOperation",
                "AWS.SimpleQueueService.UnsupportedOperation",
            ),
            Self::MissingParameter(_) => sender(
                "com.amazon.coral.service#MissingRequiredParameterException",
                "MissingParameter",
            ),
            Self::InvalidParameterValue(_) => sender(
                "com.amazon.coral.service#InvalidParameterValueException",
                "InvalidParameterValue",
            ),
            Self::Serialization(_) => sender(
                "com.amazon.coral.service#SerializationException",
                "SerializationException",
            ),
            Self::UnknownAction(_) => sender(
                "com.amazon.coral.service#UnknownOperationException",
                "InvalidAction",
            ),
            Self::ServiceUnavailable => Code {
                shape: "com.amazon.coral.service#ServiceUnavailableException",
                query: "ServiceUnavailable",
                status: StatusCode::SERVICE_UNAVAILABLE,
            },
            Self::Store(_) | Self::Corrupt { .. } | Self::Worker(_) => Code {
                shape: "com.amazon.coral.service#InternalFailure",
                query: "InternalError",
                status: StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }
}
