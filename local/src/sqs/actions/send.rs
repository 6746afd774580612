//! `SendMessage` and `SendMessageBatch`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::batch::{BatchAnswer, FailedEntry};
use super::{answer, find};
use crate::sqs::attributes::Attributes;
use crate::sqs::error::SqsError;
use crate::sqs::message::{Envelope, MessageAttribute};
use crate::sqs::queue::Incoming;
use crate::sqs::{Inner, digest, limits, message_attributes, on_disk, payload};

/// A message as both actions spell it. The body borrows from the request: it
/// is copied once, into what is stored.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Outgoing<'a> {
    #[serde(borrow)]
    message_body: Option<Cow<'a, str>>,
    delay_seconds: Option<i64>,
    message_attributes: Option<BTreeMap<String, MessageAttribute>>,
    message_system_attributes: Option<BTreeMap<String, MessageAttribute>>,
    message_deduplication_id: Option<String>,
    /// Standard queues take it, for fair queues; it has no effect here.
    #[allow(dead_code)]
    message_group_id: Option<String>,
}

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

/// What the sender is told of a stored message.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Sent {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    message_id: String,
    #[serde(rename = "MD5OfMessageBody")]
    md5_of_message_body: String,
    #[serde(rename = "MD5OfMessageAttributes", skip_serializing_if = "Option::is_none")]
    md5_of_message_attributes: Option<String>,
    #[serde(
        rename = "MD5OfMessageSystemAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    md5_of_message_system_attributes: Option<String>,
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
                result.successful.push(Sent {
                    id: Some(entry.id),
                    ..sent
                });
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

impl Outgoing<'_> {
    /// Bytes that count against the limit of 1 MiB; system attributes do not.
    fn bytes(&self) -> usize {
        let none = BTreeMap::new();
        let attributes = self.message_attributes.as_ref().unwrap_or(&none);
        limits::message_bytes(self.message_body.as_deref().unwrap_or_default(), attributes)
    }
}

/// Checks a message and makes it ready to be stored.
fn prepare(message: Outgoing, queue: &Attributes) -> Result<(Incoming, Sent), SqsError> {
    let limit = queue.max_message_bytes;
    if message.bytes() > limit {
        return Err(SqsError::InvalidParameterValue(format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {limit} bytes."
        )));
    }
    if message.message_deduplication_id.is_some() {
        return Err(SqsError::InvalidParameterValue(
            "The request includes a parameter that is not valid for this queue type: MessageDeduplicationId."
                .to_owned(),
        ));
    }
    let body = message.message_body.filter(|body| !body.is_empty());
    let body = body.ok_or(SqsError::MissingParameter("MessageBody"))?;
    limits::check_characters(&body)?;
    let attributes = message.message_attributes.unwrap_or_default();
    message_attributes::check(&attributes)?;
    let delay = match message.delay_seconds {
        Some(seconds) => {
            let seconds = limits::check_range("DelaySeconds", seconds, 0..=900)?;
            Duration::from_secs(seconds.into())
        }
        None => queue.delay,
    };
    let system = message.message_system_attributes.unwrap_or_default();
    let trace_header = trace_header(&system)?;
    let payload_bytes = payload::payload_bytes(&body, &attributes, trace_header.as_deref());
    let sent = Sent {
        id: None,
        message_id: Uuid::new_v4().to_string(),
        md5_of_message_body: digest::of_body(&body),
        md5_of_message_attributes: digest::of_attributes(&attributes),
        md5_of_message_system_attributes: digest::of_attributes(&system),
    };
    let envelope = Envelope {
        message_id: sent.message_id.clone(),
        md5_of_body: sent.md5_of_message_body.clone(),
        message_attributes: attributes,
        trace_header,
        dead_letter_source: None,
        earlier_receives: 0,
    };
    let incoming = Incoming {
        encoded: envelope.encode(&body)?,
        payload_bytes,
        delay,
    };
    Ok((incoming, sent))
}

/// The only system attribute that a sender may set.
fn trace_header(system: &BTreeMap<String, MessageAttribute>) -> Result<Option<String>, SqsError> {
    match system.keys().find(|name| *name != "AWSTraceHeader") {
        Some(name) => Err(SqsError::InvalidParameterValue(format!(
            "Message system attribute name '{name}' is invalid: only AWSTraceHeader can be sent."
        ))),
        None => Ok(system
            .get("AWSTraceHeader")
            .and_then(|attribute| attribute.string_value.clone())),
    }
}
