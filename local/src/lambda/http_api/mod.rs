//! API Gateway's HTTP API in front of the functions: a request becomes an
//! event of payload format 2.0, the function's answer becomes a response.

mod encoding;
mod event;
mod problem;
mod response;
mod routes;

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::header::{CONTENT_LENGTH, EXPECT, HOST};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Request};

pub use routes::{RouteError, Routes};

use super::body::{self, BodyError};
use super::invocation::new_trace_id;
use super::outcome::brief;
use super::{InvokeError, InvokeOutput, Lambda, MAX_PAYLOAD_BYTES};
use crate::console::note;
use event::Caller;

/// The largest body that API Gateway takes, in bytes.
const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;
/// API Gateway's longest integration time-out.
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// Answers one request for the template's routes.
pub async fn handle(lambda: &Lambda, routes: &Routes, peer: SocketAddr, request: Request<Body>) -> Response {
    let (mut parts, body) = request.into_parts();
    if !names_a_host(&parts.headers) {
        return problem::bad_request("The header Host is missing or names no host.");
    }
    let Some(route) = routes.find(&parts.method, parts.uri.path()) else {
        return problem::not_found();
    };
    let body = match read(body, &parts.headers).await {
        Ok(body) => body,
        Err(problem) => return problem,
    };
    let trace_id = parts
        .headers
        .entry("x-amzn-trace-id")
        .or_insert_with(new_trace_id)
        .clone();
    let caller = Caller {
        peer,
        account_id: &lambda.settings().account_id,
        port: lambda.settings().address.port(),
    };
    let event = event::build(parts, &body, &route, &caller);
    drop(body);
    if event.len() > MAX_PAYLOAD_BYTES {
        return problem::too_large("The event made of this request is over Lambda's limit of 6 MB.");
    }
    let call = lambda.call(route.function, event.into(), Some(trace_id));
    match tokio::time::timeout(INTEGRATION_TIMEOUT, call).await {
        Err(_) => problem::timed_out(),
        Ok(Err(InvokeError::Throttled)) => problem::unavailable(),
        Ok(Err(_)) => problem::internal(),
        Ok(Ok(output)) if output.function_error.is_some() => {
            let error = brief(&output.payload);
            note(format!(
                "{} failed on {}: {error}",
                lambda.name(route.function),
                route.key
            ));
            problem::internal()
        }
        Ok(Ok(output)) => match response::read(&output.payload) {
            Ok(response) => {
                lambda.reporter(route.function).said(&output.payload);
                timed(response, &output)
            }
            Err(error) => {
                let name = lambda.name(route.function);
                note(format!(
                    "{name} answered {} with what is no response: {error}",
                    route.key
                ));
                problem::internal()
            }
        },
    }
}

/// Tells how long the function took, and the init that a cold request waited for, in
/// the header that browsers and `curl -i` show. API Gateway has no such.
fn timed(mut response: Response, output: &InvokeOutput) -> Response {
    let function = output.duration.as_secs_f64() * 1e3;
    let timing = match output.init_duration {
        Some(init) => format!(
            "cold, init;dur={:.1}, function;dur={function:.1}",
            init.as_secs_f64() * 1e3
        ),
        None => format!("warm, function;dur={function:.1}"),
    };
    if let Ok(timing) = HeaderValue::try_from(timing) {
        response.headers_mut().append("server-timing", timing);
    }
    response
}

/// The answer while the stack drains: come back to the next one.
pub fn unavailable() -> Response {
    problem::unavailable()
}

/// Functions make a URL of it, and lambda_http panics over one that is none.
fn names_a_host(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).map(|host| Authority::try_from(host.as_bytes()));
    host.is_some_and(|host| host.is_ok_and(|host| !host.host().is_empty() && !host.as_str().contains('@')))
}

/// A client that asks first (`Expect: 100-continue`) is told before it sends a
/// body that is too large; from any other the body is read first, see [`body`].
async fn read(body: Body, headers: &HeaderMap) -> Result<Bytes, Response> {
    let too_large = || problem::too_large("A body may have at most 10485760 bytes.");
    let announced: Option<usize> = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    if headers.contains_key(EXPECT) && announced.is_some_and(|length| length > MAX_BODY_BYTES) {
        return Err(too_large());
    }
    body::read(body, MAX_BODY_BYTES)
        .await
        .map_err(|error| match error {
            BodyError::TooLarge => too_large(),
            BodyError::Broken(error) => problem::bad_request(&format!("The body cannot be read: {error}")),
        })
}
