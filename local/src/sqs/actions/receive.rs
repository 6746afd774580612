//! `ReceiveMessage`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::{answer, find};
use crate::sqs::error::SqsError;
use crate::sqs::message::{Message, MessageAttribute};
use crate::sqs::receive::Receive;
use crate::sqs::{Inner, digest, limits};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReceiveMessage {
    queue_url: Option<String>,
    /// The older name of `message_system_attribute_names`.
    #[serde(default)]
    attribute_names: Vec<String>,
    #[serde(default)]
    message_system_attribute_names: Vec<String>,
    #[serde(default)]
    message_attribute_names: Vec<String>,
    max_number_of_messages: Option<i64>,
    visibility_timeout: Option<i64>,
    wait_time_seconds: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Received>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Received {
    message_id: String,
    receipt_handle: String,
    #[serde(rename = "MD5OfBody")]
    md5_of_body: String,
    body: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
    /// Over the attributes that were asked for only.
    #[serde(rename = "MD5OfMessageAttributes", skip_serializing_if = "Option::is_none")]
    md5_of_message_attributes: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    message_attributes: BTreeMap<String, MessageAttribute>,
}

pub async fn receive_message(sqs: &Arc<Inner>, body: &Bytes) -> Result<Bytes, SqsError> {
    let mut request: ReceiveMessage = serde_json::from_slice(body)?;
    let queue = find(sqs, request.queue_url.as_deref())?;
    let count = request.max_number_of_messages.unwrap_or(1);
    let count = limits::check_range("MaxNumberOfMessages", count, 1..=10)?;
    let want = Receive {
        max_messages: count as usize,
        max_bytes: usize::MAX,
        visibility: seconds("VisibilityTimeout", request.visibility_timeout, 43_200)?,
        wait: seconds("WaitTimeSeconds", request.wait_time_seconds, 20)?
            .unwrap_or_else(|| queue.attributes().receive_wait),
    };
    let messages = sqs.receive(&queue, want).await?;
    let mut system = std::mem::take(&mut request.attribute_names);
    system.append(&mut request.message_system_attribute_names);
    let names = &request.message_attribute_names;
    answer(&Answer {
        messages: messages
            .into_iter()
            .map(|message| select(message, &system, names))
            .collect(),
    })
}

fn seconds(name: &str, value: Option<i64>, max: u32) -> Result<Option<Duration>, SqsError> {
    value
        .map(|value| limits::check_range(name, value, 0..=max))
        .map(|checked| checked.map(|seconds| Duration::from_secs(seconds.into())))
        .transpose()
}

/// Leaves only what was asked for.
fn select(message: Message, system: &[String], names: &[String]) -> Received {
    let mut attributes = message.attributes;
    attributes.retain(|name, _| system.iter().any(|asked| asked == "All" || asked == name));
    let mut message_attributes = message.message_attributes;
    message_attributes.retain(|name, _| names.iter().any(|asked| matches(asked, name)));
    Received {
        message_id: message.message_id,
        receipt_handle: message.receipt_handle,
        md5_of_body: message.md5_of_body,
        body: message.body,
        attributes,
        md5_of_message_attributes: digest::of_attributes(&message_attributes),
        message_attributes,
    }
}

/// `All` and `.*` are every attribute, `prefix.*` those that begin with the prefix.
fn matches(asked: &str, name: &str) -> bool {
    match asked.strip_suffix(".*") {
        Some(prefix) => name.starts_with(prefix),
        None => asked == "All" || asked == name,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn attribute_names_select() {
        for asked in ["All", ".*", "stream", "str.*"] {
            assert!(matches(asked, "stream"), "{asked}");
        }
        for asked in ["all", "strea", "streams", "x.*"] {
            assert!(!matches(asked, "stream"), "{asked}");
        }
    }
}
