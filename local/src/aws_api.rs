//! The AWS services' HTTP endpoint: one URL for all, told apart by their protocols.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::post;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Response, StatusCode};

use crate::firehose::Firehose;
use crate::sns::Sns;
use crate::sqs::Sqs;

/// The largest call is 4 MiB of base64 or 1 MiB of message, which as escaped
/// JSON can be six times as long.
const MAX_REQUEST_BYTES: usize = 16 * 1_024 * 1_024;
/// SQS had the same protocol once, under the version of another day.
const OLD_SQS: &[u8] = b"Version=2012-11-05";

/// `POST /`, and `POST /{account}/{queue}` for clients that take a queue's URL
/// as their endpoint. Signatures are not checked.
pub fn router(sqs: Sqs, sns: Sns, firehose: Firehose) -> Router {
    Router::new()
        .route("/", post(call))
        .route("/{account}/{queue}", post(call))
        .layer(DefaultBodyLimit::max(MAX_REQUEST_BYTES))
        .with_state((sqs, sns, firehose))
}

/// Whether a request is one of the query protocol, which is SNS's: a form,
/// where the JSON protocols name their action in a header.
pub fn is_query(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let form = content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    form && !headers.contains_key("x-amz-target")
}

async fn call(
    State((sqs, sns, firehose)): State<(Sqs, Sns, Firehose)>,
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
        None if is_query(&headers) && !body.split(|byte| *byte == b'&').any(|pair| pair == OLD_SQS) => {
            sns.handle(body).await
        }
        _ => unknown(),
    };
    answer.map(Body::from)
}

fn unknown() -> Response<Bytes> {
    let body = r#"{"__type":"UnknownOperationException","message":"The header X-Amz-Target must name an action of AmazonSQS or Firehose_20150804, or the body must be a form of SNS. The old query protocol of SQS is not spoken here: update the client."}"#;
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}
