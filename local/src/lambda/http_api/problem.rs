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
pub(super) fn timed_out() -> Response {
    message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
}

/// The function has no free environment, or the stack is draining.
pub(super) fn unavailable() -> Response {
    let mut response = timed_out();
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// 413 as RFC 9457 problem document, the shape of the functions' own errors,
/// so that a client sees one shape whoever refuses its body.
pub(super) fn too_large(detail: &str) -> Response {
    problem(StatusCode::PAYLOAD_TOO_LARGE, "Content Too Large", detail)
}

/// 400 as problem document: no event can be made of the request.
pub(super) fn bad_request(detail: &str) -> Response {
    problem(StatusCode::BAD_REQUEST, "Bad Request", detail)
}

fn problem(status: StatusCode, title: &str, detail: &str) -> Response {
    let document = serde_json::json!({
        "type": "about:blank",
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
    });
    build(status, "application/problem+json", document.to_string())
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
