//! The AWS services' HTTP endpoint: one URL for all, told apart by `X-Amz-Target`.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};

use crate::firehose::Firehose;
use crate::sqs::Sqs;

/// The largest call is 4 MiB of base64 or 1 MiB of message, which as escaped
/// JSON can be six times as long.
const MAX_REQUEST_BYTES: usize = 16 * 1_024 * 1_024;

/// `POST /`, and `POST /{account}/{queue}` for clients that take a queue's URL
/// as their endpoint. Signatures are not checked.
pub fn router(sqs: Sqs, firehose: Firehose) -> Router {
    Router::new()
        .route("/", post(call))
        .route("/{account}/{queue}", post(call))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state((sqs, firehose))
}

async fn call(
    State((sqs, firehose)): State<(Sqs, Firehose)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let target = headers
        .get("x-amz-target")
        .and_then(|value| value.to_str().ok())
        .and_then(|target| target.split_once('.'));
    let answer = match target {
        Some(("AmazonSQS", action)) => sqs.handle(action, body).await,
        Some(("Firehose_20150804", action)) => firehose.handle(action, body).await,
        _ => unknown(),
    };
    answer.map(Body::from)
}

fn unknown() -> Response<Bytes> {
    let body = r#"{"__type":"UnknownOperationException","message":"The header X-Amz-Target must name an action of AmazonSQS or Firehose_20150804. The old query protocol of SQS is not spoken here: update the client."}"#;
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}
