//! The wire protocol: one function per action, from its JSON to its JSON.

mod batch;
mod delete;
mod incoming;
mod queues;
mod receive;
mod send;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::Inner;
use super::error::SqsError;
use super::queue::Queue;

/// Answers one action, errors included.
pub async fn dispatch(sqs: &Arc<Inner>, action: &str, body: Bytes) -> Response<Bytes> {
    let answer = match action {
        "SendMessage" => send::send_message(sqs, &body).await,
        "SendMessageBatch" => send::send_message_batch(sqs, &body).await,
        "ReceiveMessage" => receive::receive_message(sqs, &body).await,
        "DeleteMessage" => delete::delete_message(sqs, &body).await,
        "DeleteMessageBatch" => delete::delete_message_batch(sqs, &body).await,
        "ChangeMessageVisibility" => delete::change_message_visibility(sqs, &body),
        "ChangeMessageVisibilityBatch" => delete::change_message_visibility_batch(sqs, &body),
        "CreateQueue" => queues::create_queue(sqs, &body).await,
        "DeleteQueue" => queues::delete_queue(sqs, &body).await,
        "PurgeQueue" => queues::purge_queue(sqs, &body).await,
        "GetQueueUrl" => queues::get_queue_url(sqs, &body),
        "ListQueues" => queues::list_queues(sqs, &body),
        "GetQueueAttributes" => queues::get_queue_attributes(sqs, &body),
        "SetQueueAttributes" => queues::set_queue_attributes(sqs, &body).await,
        _ => Err(SqsError::UnknownAction(action.to_owned())),
    };
    match answer {
        Ok(body) => json(StatusCode::OK, body),
        Err(error) => {
            if !error.sender_fault() {
                super::TROUBLE.note(format!("SQS {action} failed: {error}"));
            }
            error.response()
        }
    }
}

/// An answer as JSON 1.0 with a request id.
pub fn json(status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_static("application/x-amz-json-1.0");
    headers.insert(http::header::CONTENT_TYPE, content_type);
    if let Ok(id) = HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// The part of every request about one queue.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct QueueRequest {
    queue_url: Option<String>,
}

/// The queue that a URL names: its last path segment. Host and account do not
/// matter, so that a URL from before a change of port still works.
fn find(sqs: &Inner, url: Option<&str>) -> Result<Arc<Queue>, SqsError> {
    let url = url.ok_or(SqsError::MissingParameter("QueueUrl"))?;
    let path = url.trim_end_matches('/');
    sqs.registry.find(path.rsplit('/').next().unwrap_or(path))
}

fn answer<T: Serialize>(value: &T) -> Result<Bytes, SqsError> {
    Ok(serde_json::to_vec(value)?.into())
}

/// Actions that answer nothing answer an empty object.
fn nothing() -> Result<Bytes, SqsError> {
    Ok(Bytes::from_static(b"{}"))
}
