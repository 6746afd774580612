//! `/_punctual/…`: looking into a running stack and disturbing it.

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, StatusCode};
use serde_json::{Map, Value, json};

use super::gateway::Gateway;
use crate::faults::FaultSettings;
use crate::live::{Lessons, Surroundings};

/// Every admin path starts with this; no route of a template can.
pub(super) const PREFIX: &str = "/_punctual/";

const MAX_BODY_BYTES: usize = 64 * 1024;

/// Answers one admin request.
pub(super) async fn handle(gateway: &Gateway, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let call = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    match (&parts.method, call) {
        (&Method::GET, "status") => json(StatusCode::OK, &status(gateway)),
        (&Method::GET, "lessons") => lessons(gateway).await,
        (&Method::GET, "faults") => json(StatusCode::OK, &json!(gateway.faults.get())),
        (&Method::PUT, "faults") => match set_faults(gateway, body).await {
            Ok(()) => json(StatusCode::OK, &json!(gateway.faults.get())),
            Err(reason) => json(StatusCode::BAD_REQUEST, &json!({ "message": reason })),
        },
        (&Method::POST, _) if call.starts_with("kill/") => kill(gateway, &call["kill/".len()..]),
        _ => json(StatusCode::NOT_FOUND, &json!({ "message": "Not Found" })),
    }
}

async fn set_faults(gateway: &Gateway, body: Body) -> Result<(), String> {
    let body = to_bytes(body, MAX_BODY_BYTES)
        .await
        .map_err(|error| error.to_string())?;
    let settings: FaultSettings = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    gateway.faults.set(settings).map_err(|error| error.to_string())
}

fn kill(gateway: &Gateway, function: &str) -> Response {
    match gateway.lambda.kill(function) {
        Ok(killed) => json(StatusCode::OK, &json!({ "killed": killed })),
        Err(error) => json(StatusCode::NOT_FOUND, &json!({ "message": error.to_string() })),
    }
}

fn status(gateway: &Gateway) -> Value {
    let functions = gateway.lambda.status().into_iter();
    let functions: Map<_, _> = functions
        .map(|function| (function.name.clone(), json!(function)))
        .collect();
    json!({
        "functions": functions,
        "queues": queues(gateway),
        "topics": gateway.sns.stats(),
        "streams": gateway.firehose.stats(),
        "schedules": gateway.scheduler.status(),
        "database": gateway.tables,
        "faults": gateway.faults.get(),
        "rates": gateway.live.rates(),
    })
}

/// What the console shows beside what happens.
pub(super) fn surroundings(gateway: &Gateway) -> Surroundings {
    let parts = [
        ("queues", json!(queues(gateway))),
        ("topics", json!(gateway.sns.stats())),
        ("streams", json!(gateway.firehose.stats())),
        ("faults", json!(gateway.faults.get())),
    ];
    Surroundings {
        functions: gateway.lambda.status(),
        parts: parts
            .map(|(name, part)| (name.to_owned(), part))
            .into_iter()
            .collect(),
        lessons: gateway.console.lessons().and_then(Lessons::seen),
    }
}

/// Slots that come, and how those that were have opened; null without a database.
async fn lessons(gateway: &Gateway) -> Response {
    let Some(lessons) = gateway.console.lessons() else {
        return json(StatusCode::OK, &Value::Null);
    };
    let mut store = None;
    lessons.look(&mut store).await;
    if let Some(store) = store {
        store.close().await;
    }
    json(StatusCode::OK, &json!(lessons.seen()))
}

fn queues(gateway: &Gateway) -> Map<String, Value> {
    let queues = gateway.sqs.queues().into_iter();
    queues
        .filter_map(|name| {
            let depth = gateway.sqs.depth(&name)?;
            let depth = json!({
                "visible": depth.visible,
                "in_flight": depth.in_flight,
                "delayed": depth.delayed,
                "redelivered": gateway.sqs.redelivered(&name),
                "oldest_age_seconds": depth.oldest_age.map(|age| age.as_secs_f64()),
            });
            Some((name, depth))
        })
        .collect()
}

fn json(status: StatusCode, document: &Value) -> Response {
    let mut response = Response::new(Body::from(document.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
