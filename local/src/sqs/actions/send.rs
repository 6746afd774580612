//! `SendMessage` and `SendMessageBatch`.

use std::sync::Arc;

use bytes::Bytes;
use serde::Deserialize;

use super::batch::{BatchAnswer, FailedEntry};
use super::incoming::{Outgoing, prepare};
use super::{answer, find};
use crate::sqs::error::SqsError;
use crate::sqs::{Inner, limits, on_disk};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessage<'a> {
    queue_url: Option<String>,
    #[serde(borrow, flatten)]
    message: Outgoing<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendMessageBatch<'a> {
    queue_url: Option<String>,
    #[serde(borrow, default)]
    entries: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    #[serde(default)]
    id: String,
    #[serde(borrow, flatten)]
    message: Outgoing<'a>,
}

pub async fn send_message(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    check_fault(sqs)?;
    let request: SendMessage = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let (incoming, sent) = prepare(request.message, &queue.attributes())?;
    on_disk(move || queue.append(vec![incoming])).await?;
    answer(&sent)
}

pub async fn send_message_batch(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    check_fault(sqs)?;
    let request: SendMessageBatch = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let ids = request.entries.iter().map(|entry| entry.id.as_str());
    limits::check_batch_ids("SendMessageBatchRequestEntry", ids)?;
    let size = |entry: &Entry| entry.message.bytes();
    let sent: usize = request.entries.iter().map(size).sum();
    if sent > limits::MAX_MESSAGE_BYTES {
        let limit = limits::MAX_MESSAGE_BYTES;
        return Err(SqsError::BatchRequestTooLong { limit, sent });
    }
    let attributes = queue.attributes();
    let mut result = BatchAnswer::default();
    let mut accepted = Vec::with_capacity(request.entries.len());
    for entry in request.entries {
        if sqs.faults.strikes(|faults| faults.sqs_refused_entries) {
            result.failed.push(FailedEntry::refused(&entry.id));
            continue;
        }
        match prepare(entry.message, &attributes) {
            Ok((incoming, sent)) => {
                accepted.push(incoming);
                result.successful.push(sent.for_entry(entry.id));
            }
            Err(error) => result.failed.push(FailedEntry::new(&entry.id, &error)),
        }
    }
    on_disk(move || queue.append(accepted)).await?;
    answer(&result)
}

fn check_fault(sqs: &Inner) -> Result<(), SqsError> {
    if sqs.faults.strikes(|faults| faults.sqs_failed_calls) {
        return Err(SqsError::ServiceUnavailable);
    }
    Ok(())
}
