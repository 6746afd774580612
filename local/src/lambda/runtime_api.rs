//! Lambda's Runtime API, as a child process calls it.
//!
//! The child's base address is `http://127.0.0.1:PORT/.runtime/<environment>`, so one
//! port serves every environment and the path tells them apart.

use std::str::FromStr as _;
use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, StatusCode};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::environment::Environment;
use super::host::Registry;
use super::invocation::Invocation;
use super::outcome::{Failure, Outcome, document};
use super::{Lambda, MAX_PAYLOAD_BYTES};

/// Every path of the Runtime API starts with this.
pub const PREFIX: &str = "/.runtime/";

/// Answers one request whose path starts with [`PREFIX`].
pub async fn handle(lambda: &Lambda, request: Request<Body>) -> Response {
    let Some(call) = Call::read(lambda.registry(), request.method(), request.uri().path()) else {
        return refuse(
            StatusCode::NOT_FOUND,
            "InvalidPath",
            "No such environment or call",
        );
    };
    match call {
        Call::Next(environment) => next(&environment).await,
        Call::Response(environment, id) => response(&environment, id, request).await,
        Call::Error(environment, id) => error(&environment, id, request).await,
        Call::InitError(environment) => init_error(&environment, request).await,
    }
}

enum Call {
    Next(Arc<Environment>),
    Response(Arc<Environment>, Uuid),
    Error(Arc<Environment>, Uuid),
    InitError(Arc<Environment>),
}

impl Call {
    fn read(registry: &Registry, method: &Method, path: &str) -> Option<Self> {
        let (environment, call) = path.strip_prefix(PREFIX)?.split_once('/')?;
        let environment = registry.get(environment)?;
        let call = call.strip_prefix("2018-06-01/runtime/")?;
        match (method, call) {
            (&Method::GET, "invocation/next") => Some(Self::Next(environment)),
            (&Method::POST, "init/error") => Some(Self::InitError(environment)),
            (&Method::POST, _) => {
                let (id, verb) = call.strip_prefix("invocation/")?.split_once('/')?;
                // A malformed id is as unknown as a stale one.
                let id = Uuid::from_str(id).unwrap_or_default();
                match verb {
                    "response" => Some(Self::Response(environment, id)),
                    "error" => Some(Self::Error(environment, id)),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

async fn next(environment: &Arc<Environment>) -> Response {
    loop {
        let Some(first) = environment.asks_for_next() else {
            return refuse(
                StatusCode::FORBIDDEN,
                "InvalidStateTransition",
                "The last invocation has no answer yet",
            );
        };
        let Some(pool) = environment.pool.upgrade() else {
            return refuse(StatusCode::GONE, "Gone", "The stack is stopping");
        };
        let (next, event) = oneshot::channel();
        pool.offer(environment, next, first);
        drop(pool);
        // An error means that a caller took this environment and then went
        // away without an event: offer it again.
        if let Ok(invocation) = event.await {
            return deliver(environment, invocation);
        }
        if environment.is_stopping() {
            return refuse(StatusCode::GONE, "Gone", "The environment is stopping");
        }
    }
}

fn deliver(environment: &Environment, invocation: Invocation) -> Response {
    let mut id = [0; uuid::fmt::Hyphenated::LENGTH];
    let id: &str = invocation.request_id.hyphenated().encode_lower(&mut id);
    let mut response = Response::new(Body::from(invocation.payload));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(
        "lambda-runtime-aws-request-id",
        HeaderValue::from_str(id).expect("hex digits and dashes are a valid header value"),
    );
    let deadline = u64::try_from(invocation.deadline_ms).unwrap_or(u64::MAX);
    headers.insert("lambda-runtime-deadline-ms", HeaderValue::from(deadline));
    headers.insert(
        "lambda-runtime-invoked-function-arn",
        environment.function.arn.clone(),
    );
    headers.insert("lambda-runtime-trace-id", invocation.trace_id);
    response
}

async fn response(environment: &Environment, id: Uuid, request: Request<Body>) -> Response {
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    let Ok(payload) = to_bytes(request.into_body(), MAX_PAYLOAD_BYTES).await else {
        let failure = Failure::ResponseTooLarge(announced);
        environment.answer(id, failure.outcome(id));
        return refuse(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLarge",
            "Exceeded maximum allowed payload size (6291556 bytes).",
        );
    };
    settle(environment, id, payload, false)
}

async fn error(environment: &Environment, id: Uuid, request: Request<Body>) -> Response {
    match to_bytes(request.into_body(), MAX_PAYLOAD_BYTES).await {
        Ok(payload) => settle(environment, id, payload, true),
        Err(error) => refuse(StatusCode::BAD_REQUEST, "InvalidRequest", &error.to_string()),
    }
}

fn settle(environment: &Environment, id: Uuid, payload: Bytes, failed: bool) -> Response {
    if environment.answer(id, Outcome { payload, failed }) {
        accepted()
    } else {
        refuse(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID")
    }
}

async fn init_error(environment: &Environment, request: Request<Body>) -> Response {
    let document = to_bytes(request.into_body(), MAX_PAYLOAD_BYTES).await;
    if !environment.is_starting() {
        return refuse(
            StatusCode::FORBIDDEN,
            "InvalidStateTransition",
            "The init phase is over",
        );
    }
    environment.stop(Some(Failure::InitReported(document.unwrap_or_default())));
    accepted()
}

fn accepted() -> Response {
    let mut response = Response::new(Body::from(r#"{"status":"OK"}"#));
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

fn refuse(status: StatusCode, error_type: &str, message: &str) -> Response {
    let mut response = Response::new(Body::from(document(error_type, message)));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
