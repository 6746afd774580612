//! What an invocation takes and gives, as callers see it.

use std::time::Duration;

use bytes::Bytes;
use uuid::Uuid;

use super::MAX_PAYLOAD_BYTES;
use super::outcome::Outcome;

/// `X-Amz-Invocation-Type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvokeKind {
    /// Wait for the answer.
    RequestResponse,
    /// Answer at once; run later, with two retries on an error.
    Event,
    /// Only check that the function exists.
    DryRun,
}

/// What an invocation gave back.
#[derive(Debug)]
pub struct InvokeOutput {
    /// The function's answer, or its error document.
    pub payload: Bytes,
    /// `Unhandled` when the function failed.
    pub function_error: Option<&'static str>,
    /// The id that the function saw.
    pub request_id: Uuid,
    /// From hand-over to answer, without the wait for an environment.
    pub duration: Duration,
    /// How long the environment's init took, when this invocation had to wait for it.
    pub init_duration: Option<Duration>,
    /// Whether it is the environment's first.
    pub is_first: bool,
    /// Id of the environment, empty when none took the event.
    pub environment: String,
}

/// Why an invocation did not reach the function.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum InvokeError {
    /// Reserved concurrency is used up, or no environment got free in time.
    #[error("Rate Exceeded.")]
    Throttled,
    /// No such function; the names that there are follow.
    #[error("Function not found: {0}")]
    NotFound(String),
    /// The event is larger than Lambda takes.
    #[error("Request must be smaller than {MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation")]
    TooLarge,
}

impl InvokeOutput {
    /// Nothing but an id: the answer to what runs later, or not at all.
    pub(super) fn empty(request_id: Uuid) -> Self {
        let outcome = Outcome {
            payload: Bytes::new(),
            failed: false,
        };
        Self::new(outcome, request_id)
    }

    pub(super) fn new(outcome: Outcome, request_id: Uuid) -> Self {
        Self {
            payload: outcome.payload,
            function_error: outcome.failed.then_some("Unhandled"),
            request_id,
            duration: Duration::ZERO,
            init_duration: None,
            is_first: false,
            environment: String::new(),
        }
    }
}
