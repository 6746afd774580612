//! SQS messages as Lambda events.
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use bytes::Bytes;
use serde::Serialize;

use crate::lambda::{MAX_PAYLOAD_BYTES, Settings};
use crate::sqs::{Message, MessageAttribute};

const OPEN: &[u8] = br#"{"Records":["#;
const CLOSE: &[u8] = b"]}";

/// One event and the messages in it.
pub(super) struct Event {
    pub payload: Bytes,
    pub messages: Vec<Handle>,
}

/// What is needed of a message once its body is in the event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Handle {
    pub id: String,
    pub receipt: String,
    /// This receive and those before it.
    pub receives: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    message_id: &'a str,
    receipt_handle: &'a str,
    body: &'a str,
    attributes: &'a BTreeMap<String, String>,
    message_attributes: BTreeMap<&'a str, Attribute<'a>>,
    md5_of_body: &'a str,
    event_source: &'static str,
    #[serde(rename = "eventSourceARN")]
    event_source_arn: &'a str,
    aws_region: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Attribute<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    string_value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binary_value: Option<String>,
    string_list_values: [(); 0],
    binary_list_values: [(); 0],
    data_type: &'a str,
}

/// As few events as Lambda's payload limit allows, in the messages' order. One
/// is the rule: only what escaping makes larger than it was estimated needs two.
pub(super) fn build(messages: Vec<Message>, queue: &str, settings: &Settings) -> Vec<Event> {
    let (region, account) = (&settings.region, &settings.account_id);
    let arn = format!("arn:aws:sqs:{region}:{account}:{queue}");
    let bodies: usize = messages.iter().map(|message| message.body.len()).sum();
    let mut events = Vec::new();
    let mut payload = Vec::with_capacity((bodies + bodies / 4).min(MAX_PAYLOAD_BYTES));
    let mut handles = Vec::new();
    for message in messages {
        let before = payload.len();
        payload.extend_from_slice(if handles.is_empty() { OPEN } else { b"," });
        write(&mut payload, &message, &arn, region);
        if payload.len() + CLOSE.len() > MAX_PAYLOAD_BYTES && !handles.is_empty() {
            payload.truncate(before);
            events.push(close(&mut payload, &mut handles));
            payload.extend_from_slice(OPEN);
            write(&mut payload, &message, &arn, region);
        }
        handles.push(Handle {
            receives: receives(&message),
            id: message.message_id,
            receipt: message.receipt_handle,
        });
    }
    if !handles.is_empty() {
        events.push(close(&mut payload, &mut handles));
    }
    events
}

fn receives(message: &Message) -> u32 {
    let count = message.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or_default()
}

fn close(payload: &mut Vec<u8>, handles: &mut Vec<Handle>) -> Event {
    payload.extend_from_slice(CLOSE);
    Event {
        payload: std::mem::take(payload).into(),
        messages: std::mem::take(handles),
    }
}

fn write(payload: &mut Vec<u8>, message: &Message, arn: &str, region: &str) {
    let record = Record {
        message_id: &message.message_id,
        receipt_handle: &message.receipt_handle,
        body: &message.body,
        attributes: &message.attributes,
        message_attributes: message
            .message_attributes
            .iter()
            .map(|(name, value)| (name.as_str(), attribute(value)))
            .collect(),
        md5_of_body: &message.md5_of_body,
        event_source: "aws:sqs",
        event_source_arn: arn,
        aws_region: region,
    };
    serde_json::to_writer(payload, &record).expect("writing strings to memory cannot fail");
}

fn attribute(value: &MessageAttribute) -> Attribute<'_> {
    Attribute {
        string_value: value.string_value.as_deref(),
        binary_value: value
            .binary_value
            .as_ref()
            .map(|bytes| BASE64_STANDARD.encode(bytes)),
        string_list_values: [],
        binary_list_values: [],
        data_type: &value.data_type,
    }
}

#[cfg(test)]
mod tests;
