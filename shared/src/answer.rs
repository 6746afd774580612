//! Answers in JSON.

use http::{HeaderValue, Response, StatusCode, header};

/// An answer with this JSON text, of any body type that is made from a string.
pub fn json<B: From<String>>(status: StatusCode, text: String) -> Response<B> {
    let mut response = Response::new(B::from(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
