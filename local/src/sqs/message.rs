//! A message as a receiver sees it, and as it lies on disk.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::error::SqsError;

/// A received message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Given by the service when the message was sent; kept for life.
    pub message_id: String,
    /// Names this one receive: what deletes the message or extends its time.
    pub receipt_handle: String,
    /// The text that was sent.
    pub body: String,
    /// Lower-case hex.
    pub md5_of_body: String,
    /// System attributes: `ApproximateReceiveCount`, `SentTimestamp`, `SenderId`,
    /// `ApproximateFirstReceiveTimestamp` (times in epoch milliseconds) and, when
    /// there is one, `AWSTraceHeader` and `DeadLetterQueueSourceArn`.
    pub attributes: BTreeMap<String, String>,
    /// What the sender attached.
    pub message_attributes: BTreeMap<String, MessageAttribute>,
    /// Bytes that it takes in a Lambda invocation's payload, on the safe side;
    /// what [`super::ReceiveLimits::max_bytes`] counts.
    pub payload_bytes: usize,
}

/// A sender's attribute: exactly one of the two values is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageAttribute {
    /// `String`, `Number` or `Binary`, with an optional `.suffix`.
    #[serde(rename = "DataType")]
    pub data_type: String,
    /// The value of strings and numbers.
    #[serde(rename = "StringValue", default, skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// The value of `Binary`; base64 in JSON.
    #[serde(
        rename = "BinaryValue",
        default,
        skip_serializing_if = "Option::is_none",
        with = "binary"
    )]
    pub binary_value: Option<Vec<u8>>,
}

impl MessageAttribute {
    /// Bytes that the value counts against the message size.
    pub(super) fn value_len(&self) -> usize {
        let text = self.string_value.as_ref().map_or(0, String::len);
        text + self.binary_value.as_ref().map_or(0, Vec::len)
    }
}

mod binary {
    use super::*;

    pub fn serialize<S: serde::Serializer>(
        value: &Option<Vec<u8>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(bytes) => serializer.serialize_str(&STANDARD.encode(bytes)),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        Option::<String>::deserialize(deserializer)?
            .map(|text| STANDARD.decode(text).map_err(serde::de::Error::custom))
            .transpose()
    }
}

/// All of a stored message but its body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Envelope {
    pub message_id: String,
    pub md5_of_body: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub message_attributes: BTreeMap<String, MessageAttribute>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_header: Option<String>,
    /// ARN of the queue that gave this message up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dead_letter_source: Option<String>,
    /// Receives in the queues before this one.
    #[serde(default)]
    pub earlier_receives: u32,
}

impl Envelope {
    /// `u32 length | envelope as JSON | body`: the body, up to 1 MiB, is
    /// neither escaped on the way in nor parsed on the way out.
    pub fn encode(&self, body: &str) -> Result<Vec<u8>, SqsError> {
        let mut bytes = vec![0; 4];
        bytes.reserve(body.len() + 256);
        serde_json::to_writer(&mut bytes, self)?;
        let length = u32::try_from(bytes.len() - 4).map_err(|_| corrupt())?;
        bytes[..4].copy_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(body.as_bytes());
        Ok(bytes)
    }

    /// What [`Self::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<(Self, &str), SqsError> {
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(corrupt)?;
        let (envelope, body) = rest
            .split_at_checked(u32::from_be_bytes(*length) as usize)
            .ok_or_else(corrupt)?;
        Ok((
            serde_json::from_slice(envelope).map_err(|_| corrupt())?,
            std::str::from_utf8(body).map_err(|_| corrupt())?,
        ))
    }
}

fn corrupt() -> SqsError {
    SqsError::Corrupt {
        what: "message",
        key: "envelope".to_owned(),
    }
}
