//! A message on its way in: what both send actions take and answer.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::sqs::attributes::Attributes;
use crate::sqs::error::SqsError;
use crate::sqs::message::{Envelope, MessageAttribute};
use crate::sqs::queue::Incoming;
use crate::sqs::{digest, limits, message_attributes, payload};

/// A message as both actions spell it. The body borrows from the request: it
/// is copied once, into what is stored.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Outgoing<'a> {
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

/// What the sender is told of a stored message.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sent {
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

impl Sent {
    /// As the answer to one entry of a batch.
    pub fn for_entry(self, id: String) -> Self {
        Self { id: Some(id), ..self }
    }
}

impl Outgoing<'_> {
    /// Bytes that count against the limit of 1 MiB; system attributes do not.
    pub fn bytes(&self) -> usize {
        let none = BTreeMap::new();
        let attributes = self.message_attributes.as_ref().unwrap_or(&none);
        limits::message_bytes(self.message_body.as_deref().unwrap_or_default(), attributes)
    }
}

/// Checks a message and makes it ready to be stored.
pub(super) fn prepare(message: Outgoing, queue: &Attributes) -> Result<(Incoming, Sent), SqsError> {
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
