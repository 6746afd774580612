//! One event on its way to one environment.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::HeaderValue;
use uuid::Uuid;

/// What `GET invocation/next` answers.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub request_id: Uuid,
    pub payload: Bytes,
    /// Milliseconds since 1970 at which the environment is killed.
    pub deadline_ms: u128,
    pub trace_id: HeaderValue,
    /// A fault kills the environment during this invocation.
    pub doomed: bool,
}

impl Invocation {
    /// The deadline counts from the moment the environment gets the event, so
    /// the wait for a free environment is not taken from the function's time.
    pub fn new(request: Request, timeout: Duration, doomed: bool) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            request_id: request.id,
            payload: request.payload,
            deadline_ms: (now + timeout).as_millis(),
            trace_id: request.trace_id,
            doomed,
        }
    }
}

/// What a caller asks for.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub id: Uuid,
    pub payload: Bytes,
    pub trace_id: HeaderValue,
    /// Whether a stop waits for its end.
    pub awaited: bool,
}

impl Request {
    /// A request with a new id, in the trace given or in one of its own.
    pub fn new(payload: Bytes, trace_id: Option<HeaderValue>) -> Self {
        Self {
            id: Uuid::new_v4(),
            payload,
            trace_id: trace_id.unwrap_or_else(new_trace_id),
            awaited: true,
        }
    }
}

/// An X-Ray trace header: `Root=1-<epoch seconds>-<96 random bits>`.
pub(crate) fn new_trace_id() -> HeaderValue {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let random: u128 = rand::random::<u128>() >> 32;
    let text = format!("Root=1-{seconds:08x}-{random:024x}");
    HeaderValue::try_from(text).expect("hex digits and dashes are a valid header value")
}
