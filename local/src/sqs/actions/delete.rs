//! What a receiver does with a receipt: delete, or change the visibility.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

use super::batch::{BatchAnswer, Done, FailedEntry};
use super::{answer, find, nothing};
use crate::sqs::error::SqsError;
use crate::sqs::queue::Queue;
use crate::sqs::receipt::Receipt;
use crate::sqs::{Inner, limits, on_disk};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Single {
    queue_url: Option<String>,
    #[serde(flatten)]
    target: Target,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch {
    queue_url: Option<String>,
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    #[serde(default)]
    id: String,
    #[serde(flatten)]
    target: Target,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Target {
    receipt_handle: Option<String>,
    visibility_timeout: Option<i64>,
}

impl Target {
    fn receipt(&self, queue: &Queue) -> Result<Receipt, SqsError> {
        let handle = self.receipt_handle.as_deref();
        Receipt::parse(
            queue.id,
            handle.ok_or(SqsError::MissingParameter("ReceiptHandle"))?,
        )
    }

    fn change(&self, queue: &Queue) -> Result<(), SqsError> {
        let receipt = self.receipt(queue)?;
        let timeout = self
            .visibility_timeout
            .ok_or(SqsError::MissingParameter("VisibilityTimeout"))?;
        let timeout = limits::check_range("VisibilityTimeout", timeout, 0..=43_200)?;
        queue.change_visibility(receipt, Duration::from_secs(timeout.into()))
    }
}

pub async fn delete_message(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: Single = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let receipt = request.target.receipt(&queue)?;
    on_disk(move || queue.delete(&[receipt])).await?;
    nothing()
}

pub async fn delete_message_batch(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: Batch = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let kind = "DeleteMessageBatchRequestEntry";
    limits::check_batch_ids(kind, request.entries.iter().map(|e| e.id.as_str()))?;
    let mut receipts = Vec::with_capacity(request.entries.len());
    let result = each(request.entries, |target| {
        receipts.push(target.receipt(&queue)?);
        Ok(())
    });
    on_disk(move || queue.delete(&receipts)).await?;
    answer(&result)
}

pub fn change_message_visibility(sqs: &Inner, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: Single = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    request.target.change(&queue)?;
    nothing()
}

pub fn change_message_visibility_batch(sqs: &Inner, body: &Bytes) -> Result<Bytes, SqsError> {
    let request: Batch = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let kind = "ChangeMessageVisibilityBatchRequestEntry";
    limits::check_batch_ids(kind, request.entries.iter().map(|e| e.id.as_str()))?;
    answer(&each(request.entries, |target| target.change(&queue)))
}

fn each(entries: Vec<Entry>, mut work: impl FnMut(&Target) -> Result<(), SqsError>) -> BatchAnswer<Done> {
    let mut result = BatchAnswer::default();
    for entry in entries {
        match work(&entry.target) {
            Ok(()) => result.successful.push(Done { id: entry.id }),
            Err(error) => result.failed.push(FailedEntry::new(&entry.id, &error)),
        }
    }
    result
}
