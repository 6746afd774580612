//! The gateway's own answers.

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};

/// No route, in API Gateway's words.
pub(super) fn not_found() -> Response {
    message(StatusCode::NOT_FOUND, "Not Found")
}

/// The function failed, or answered what is no response.
pub(super) fn internal() -> Response {
    message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

/// The integration time-out of 30 s.
pub(super) fn unavailable() -> Response {
    message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
}

/// The function has no free environment, or the stack is draining.
pub(super) fn throttled() -> Response {
    let mut response = unavailable();
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// 413 as RFC 9457 problem document, the shape of the functions' own errors,
/// so that a client sees one shape whoever refuses its body.
pub(super) fn too_large(detail: &str) -> Response {
    let document = serde_json::json!({
        "type": "about:blank",
        "title": "Content Too Large",
        "status": 413,
        "detail": detail,
    });
    build(
        StatusCode::PAYLOAD_TOO_LARGE,
        "application/problem+json",
        document.to_string(),
    )
}

fn message(status: StatusCode, message: &str) -> Response {
    build(
        status,
        "application/json",
        format!(r#"{{"message":"{message}"}}"#),
    )
}

fn build(status: StatusCode, content_type: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
