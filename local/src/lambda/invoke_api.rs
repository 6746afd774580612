//! The Invoke API over HTTP, for `aws lambda invoke`, the SDKs and `punctual invoke`.

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, StatusCode};
use percent_encoding::percent_decode_str;
use serde::de::IgnoredAny;

use super::body::{self, BodyError};
use super::{InvokeError, InvokeKind, InvokeOutput, Lambda, MAX_PAYLOAD_BYTES};

/// Every path of the Invoke API starts with this.
pub const PREFIX: &str = "/2015-03-31/functions/";

/// Answers one request whose path starts with [`PREFIX`]. `open`: the stack does
/// not stop, and takes events to run later.
pub async fn handle(lambda: &Lambda, request: Request<Body>, open: bool) -> Response {
    answer(lambda, request, open)
        .await
        .unwrap_or_else(Refusal::into_response)
}

async fn answer(lambda: &Lambda, request: Request<Body>, open: bool) -> Result<Response, Refusal> {
    let name = request
        .uri()
        .path()
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix("/invocations"))
        .filter(|_| request.method() == Method::POST)
        .ok_or_else(|| Refusal {
            status: StatusCode::NOT_FOUND,
            code: "UnknownOperationException",
            message: "Of the Lambda API only Invoke is here".to_owned(),
        })?;
    // An ARN's colons may come percent-encoded.
    let name = percent_decode_str(name).decode_utf8_lossy().into_owned();
    let kind = kind(&request)?;
    if kind == InvokeKind::Event && !open {
        return Err(InvokeError::Throttled.into());
    }
    let payload = payload(request).await?;
    let output = lambda.invoke(&name, payload, kind).await?;
    Ok(respond(kind, output))
}

fn kind(request: &Request<Body>) -> Result<InvokeKind, Refusal> {
    let kind = request.headers().get("x-amz-invocation-type");
    match kind.map(HeaderValue::as_bytes) {
        None | Some(b"RequestResponse") => Ok(InvokeKind::RequestResponse),
        Some(b"Event") => Ok(InvokeKind::Event),
        Some(b"DryRun") => Ok(InvokeKind::DryRun),
        Some(_) => Err(Refusal {
            status: StatusCode::BAD_REQUEST,
            code: "InvalidParameterValueException",
            message: "X-Amz-Invocation-Type must be RequestResponse, Event or DryRun".to_owned(),
        }),
    }
}

async fn payload(request: Request<Body>) -> Result<Bytes, Refusal> {
    let payload = body::read(request.into_body(), MAX_PAYLOAD_BYTES)
        .await
        .map_err(|error| match error {
            BodyError::TooLarge => Refusal::from(InvokeError::TooLarge),
            BodyError::Broken(error) => invalid(format!("Could not read request body: {error}")),
        })?;
    if payload.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    match serde_json::from_slice::<IgnoredAny>(&payload) {
        Ok(_) => Ok(payload),
        Err(error) => Err(invalid(format!(
            "Could not parse request body into json: {error}"
        ))),
    }
}

fn invalid(message: String) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        code: "InvalidRequestContentException",
        message,
    }
}

fn respond(kind: InvokeKind, output: InvokeOutput) -> Response {
    let mut response = Response::new(Body::from(output.payload));
    *response.status_mut() = match kind {
        InvokeKind::RequestResponse => StatusCode::OK,
        InvokeKind::Event => StatusCode::ACCEPTED,
        InvokeKind::DryRun => StatusCode::NO_CONTENT,
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("x-amz-executed-version", HeaderValue::from_static("$LATEST"));
    if let Ok(id) = HeaderValue::try_from(output.request_id.to_string()) {
        headers.insert("x-amzn-requestid", id);
    }
    if let Some(error) = output.function_error {
        headers.insert("x-amz-function-error", HeaderValue::from_static(error));
    }
    response
}

/// An error in the AWS REST-JSON protocol.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl From<InvokeError> for Refusal {
    fn from(error: InvokeError) -> Self {
        let (status, code) = match error {
            InvokeError::Throttled => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"),
            InvokeError::NotFound(_) => (StatusCode::NOT_FOUND, "ResourceNotFoundException"),
            InvokeError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException"),
        };
        Self {
            status,
            code,
            message: error.to_string(),
        }
    }
}

impl Refusal {
    fn into_response(self) -> Response {
        // Lambda's models differ in the capital: SDKs read either.
        let document = serde_json::json!({
            "Type": "User",
            "Message": self.message,
            "message": self.message,
        });
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert("x-amzn-errortype", HeaderValue::from_static(self.code));
        response
    }
}
