//! The Invoke API over HTTP, for `aws lambda invoke`, the SDKs and `punctual invoke`.

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use serde::de::IgnoredAny;

use super::{InvokeError, InvokeKind, InvokeOutput, Lambda, MAX_PAYLOAD_BYTES};

/// Every path of the Invoke API starts with this.
pub const PREFIX: &str = "/2015-03-31/functions/";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Answers one request whose path starts with [`PREFIX`].
pub async fn handle(lambda: &Lambda, request: Request<Body>) -> Response {
    answer(lambda, request)
        .await
        .unwrap_or_else(|refusal| refusal)
}

async fn answer(lambda: &Lambda, request: Request<Body>) -> Result<Response, Response> {
    let name = request
        .uri()
        .path()
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix("/invocations"))
        .filter(|_| request.method() == Method::POST)
        .ok_or_else(|| {
            refuse(
                StatusCode::NOT_FOUND,
                "UnknownOperationException",
                "Only Invoke is here",
            )
        })?;
    // An ARN's colons may come percent-encoded.
    let name = percent_encoding::percent_decode_str(name)
        .decode_utf8_lossy()
        .into_owned();
    let kind = kind(&request)?;
    let payload = payload(request).await?;
    let output = lambda
        .invoke(&name, payload, kind)
        .await
        .map_err(|error| refusal(&error))?;
    Ok(respond(kind, output))
}

fn kind(request: &Request<Body>) -> Result<InvokeKind, Response> {
    match request
        .headers()
        .get("x-amz-invocation-type")
        .map(HeaderValue::as_bytes)
    {
        None | Some(b"RequestResponse") => Ok(InvokeKind::RequestResponse),
        Some(b"Event") => Ok(InvokeKind::Event),
        Some(b"DryRun") => Ok(InvokeKind::DryRun),
        Some(_) => Err(refuse(
            StatusCode::BAD_REQUEST,
            "InvalidParameterValueException",
            "X-Amz-Invocation-Type must be RequestResponse, Event or DryRun",
        )),
    }
}

async fn payload(request: Request<Body>) -> Result<Bytes, Response> {
    let payload = to_bytes(request.into_body(), MAX_PAYLOAD_BYTES)
        .await
        .map_err(|_| refusal(&InvokeError::TooLarge))?;
    if payload.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    serde_json::from_slice::<IgnoredAny>(&payload).map_err(|error| {
        refuse(
            StatusCode::BAD_REQUEST,
            "InvalidRequestContentException",
            &format!("Could not parse request body into json: {error}"),
        )
    })?;
    Ok(payload)
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
    headers.insert(
        "x-amz-executed-version",
        HeaderValue::from_static("$LATEST"),
    );
    if let Ok(id) = HeaderValue::try_from(output.request_id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(error) = output.function_error {
        headers.insert("x-amz-function-error", HeaderValue::from_static(error));
    }
    response
}

fn refusal(error: &InvokeError) -> Response {
    let (status, code) = match error {
        InvokeError::Throttled => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"),
        InvokeError::NotFound(_) => (StatusCode::NOT_FOUND, "ResourceNotFoundException"),
        InvokeError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException"),
    };
    refuse(status, code, &error.to_string())
}

/// An error in the AWS REST-JSON protocol.
fn refuse(status: StatusCode, code: &'static str, message: &str) -> Response {
    let document = serde_json::json!({ "Type": "User", "Message": message, "message": message });
    let mut response = Response::new(Body::from(document.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("x-amzn-errortype", HeaderValue::from_static(code));
    response
}
