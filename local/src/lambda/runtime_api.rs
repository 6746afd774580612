//! Lambda's Runtime API, as a child process calls it.
//!
//! The child's base address is `http://127.0.0.1:PORT/.runtime/<environment>`, so one
//! port serves every environment and the path tells them apart.

mod call;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Request, StatusCode};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::body::{self, BodyError};
use super::environment::{Environment, Next};
use super::failure::Failure;
use super::invocation::Invocation;
use super::outcome::{Outcome, document};
use super::{Lambda, MAX_PAYLOAD_BYTES};
use call::Call;

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
        Call::Response(environment, id) => answer(&environment, id, request, false).await,
        Call::Error(environment, id) => answer(&environment, id, request, true).await,
        Call::InitError(environment) => init_error(&environment, request).await,
    }
}

async fn next(environment: &Arc<Environment>) -> Response {
    loop {
        let first = match environment.asks_for_next() {
            Next::First => true,
            Next::Again => false,
            Next::Owes => {
                return refuse(
                    StatusCode::FORBIDDEN,
                    "InvalidStateTransition",
                    "The last invocation has no answer yet",
                );
            }
            // Frozen until it is killed: a refusal would only make its runtime panic.
            Next::Ending => std::future::pending().await,
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

async fn answer(environment: &Environment, id: Uuid, request: Request<Body>, failed: bool) -> Response {
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    match body::read(request.into_body(), MAX_PAYLOAD_BYTES).await {
        Ok(payload) => settle(environment, id, payload, failed),
        Err(BodyError::TooLarge) => {
            environment.answer(id, Err(Failure::ResponseTooLarge(announced)));
            refuse(
                StatusCode::PAYLOAD_TOO_LARGE,
                "RequestEntityTooLarge",
                "Exceeded maximum allowed payload size (6291556 bytes).",
            )
        }
        // The child died while it wrote: its end is the invocation's.
        Err(BodyError::Broken(error)) => {
            refuse(StatusCode::BAD_REQUEST, "InvalidRequest", &error.to_string())
        }
    }
}

fn settle(environment: &Environment, id: Uuid, payload: Bytes, failed: bool) -> Response {
    if environment.answer(id, Ok(Outcome { payload, failed })) {
        accepted()
    } else {
        refuse(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID")
    }
}

async fn init_error(environment: &Environment, request: Request<Body>) -> Response {
    let document = body::read(request.into_body(), MAX_PAYLOAD_BYTES).await;
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
