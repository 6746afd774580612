//! A function's answer as HTTP response, payload format 2.0.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, SET_COOKIE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The answer is not what API Gateway can send; the client gets a 500.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResponseError {
    #[error("the answer is not the JSON of a response: {0}")]
    Json(#[from] serde_json::Error),
    #[error("bad status code: {0}")]
    Status(#[from] http::status::InvalidStatusCode),
    #[error("bad header: {0}")]
    Header(#[from] http::Error),
    #[error("the body is not base64: {0}")]
    Base64(#[from] base64::DecodeError),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    status_code: Scalar,
    headers: Option<BTreeMap<String, Scalar>>,
    cookies: Option<Vec<String>>,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

/// API Gateway takes numbers and booleans where a header wants text.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected text, a whole number or a boolean")]
enum Scalar {
    Text(String),
    Number(i64),
    Bool(bool),
}

impl Scalar {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
            Self::Bool(flag) => flag.to_string(),
        }
    }
}

/// Reads the function's payload. What has no `statusCode` is the body of a 200,
/// as API Gateway infers; what has one is a response, or a mistake.
pub(super) fn read(payload: &[u8]) -> Result<Response, ResponseError> {
    match has_status_code(payload) {
        true => respond(serde_json::from_slice(payload)?),
        false => infer(payload),
    }
}

fn has_status_code(payload: &[u8]) -> bool {
    let keys: Result<BTreeMap<String, IgnoredAny>, _> = serde_json::from_slice(payload);
    keys.is_ok_and(|keys| keys.contains_key("statusCode"))
}

fn respond(answer: Answer) -> Result<Response, ResponseError> {
    let mut response = Response::new(match answer.body {
        Some(body) if answer.is_base64_encoded == Some(true) => Body::from(BASE64_STANDARD.decode(body)?),
        body => Body::from(body.unwrap_or_default()),
    });
    *response.status_mut() = StatusCode::from_bytes(answer.status_code.into_text().as_bytes())?;
    let target = response.headers_mut();
    set_headers(target, answer.headers.unwrap_or_default())?;
    for cookie in answer.cookies.unwrap_or_default() {
        let cookie = HeaderValue::try_from(cookie).map_err(http::Error::from)?;
        target.append(SET_COOKIE, cookie);
    }
    Ok(response)
}

fn set_headers(target: &mut HeaderMap, headers: BTreeMap<String, Scalar>) -> Result<(), http::Error> {
    for (name, value) in headers {
        target.insert(
            HeaderName::try_from(name)?,
            HeaderValue::try_from(value.into_text())?,
        );
    }
    // The connection to the client is the gateway's business.
    for name in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
        target.remove(name);
    }
    target
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static("text/plain;charset=UTF-8"));
    Ok(())
}

fn infer(payload: &[u8]) -> Result<Response, ResponseError> {
    serde_json::from_slice::<IgnoredAny>(payload)?;
    let mut response = Response::new(Body::from(match serde_json::from_slice::<String>(payload) {
        Ok(text) => text.into_bytes(),
        Err(_) => payload.to_vec(),
    }));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

#[cfg(test)]
mod tests;
