//! One SQS message: lines of a stream, or a dead letter with its reason.

use aws_lambda_events::sqs::{SqsMessage, SqsMessageAttribute};
use serde_json::Value;
use shared::envelope::{MAX_BYTES, MAX_LINES, STREAM_ATTRIBUTE, Stream};

use crate::{config::Streams, ndjson::Ndjson};

/// A message that can be delivered.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its place in the event.
    pub position: usize,
    /// Where its lines go.
    pub stream: Stream,
    /// What is delivered.
    pub lines: Ndjson,
}

/// A message that can never be delivered, as it came.
#[derive(Debug, Clone)]
pub struct DeadLetter {
    /// Its place in the event.
    pub position: usize,
    /// The id that SQS gave the message in the source queue.
    pub message_id: Option<String>,
    /// The original body.
    pub body: String,
    /// The original message attributes by name; a binary value in base64.
    pub attributes: Vec<(String, String)>,
    /// The X-Ray header that came with the message.
    pub trace_header: Option<String>,
    /// Why it cannot be delivered.
    pub reason: Undeliverable,
}

/// Why a message can never be delivered, whatever the time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undeliverable {
    /// There is no line in it.
    #[error("the body holds no line")]
    EmptyBody,
    /// A line is something else than one JSON object.
    #[error("line {line} is not one JSON object")]
    NotNdjson {
        /// Counted from 1, blank lines included.
        line: usize,
    },
    /// More lines than a record may hold.
    #[error("{lines} lines; a record holds {MAX_LINES}")]
    TooManyLines {
        /// Blank ones not counted.
        lines: usize,
    },
    /// More bytes than a record may hold.
    #[error("{bytes} bytes; a record holds {MAX_BYTES}")]
    TooManyBytes {
        /// With one newline a line.
        bytes: usize,
    },
    /// No string attribute `stream`.
    #[error("the message attribute {STREAM_ATTRIBUTE} is missing")]
    NoStream,
    /// The attribute names no stream.
    #[error("the message attribute {STREAM_ATTRIBUTE} is neither traces nor actions")]
    UnknownStream,
    /// A stream that this stack does not deliver.
    #[error("no delivery stream is configured for {0}")]
    StreamNotConfigured(Stream),
}

impl Undeliverable {
    /// A stable name for filters and counts.
    pub fn tag(&self) -> &'static str {
        match self {
            Undeliverable::EmptyBody => "empty_body",
            Undeliverable::NotNdjson { .. } => "not_ndjson",
            Undeliverable::TooManyLines { .. } => "too_many_lines",
            Undeliverable::TooManyBytes { .. } => "too_many_bytes",
            Undeliverable::NoStream => "no_stream",
            Undeliverable::UnknownStream => "unknown_stream",
            Undeliverable::StreamNotConfigured(_) => "stream_not_configured",
        }
    }
}

/// Reads the message at `position` of the event.
pub fn read(position: usize, message: SqsMessage, streams: &Streams) -> Result<Message, Box<DeadLetter>> {
    let SqsMessage {
        message_id,
        body,
        message_attributes,
        mut attributes,
        ..
    } = message;
    let body = body.unwrap_or_default();
    let stream = message_attributes.get(STREAM_ATTRIBUTE);
    let lines = match destination(stream, streams) {
        Ok(stream) => Ndjson::parse(body).map(|lines| Message {
            position,
            stream,
            lines,
        }),
        Err(reason) => Err((reason, body)),
    };
    lines.map_err(|(reason, body)| {
        let attributes_by_name = message_attributes.into_iter();
        Box::new(DeadLetter {
            position,
            message_id,
            body,
            attributes: attributes_by_name
                .filter_map(|(name, value)| Some((name, text_of(value)?)))
                .collect(),
            trace_header: attributes.remove("AWSTraceHeader"),
            reason,
        })
    })
}

fn destination(attribute: Option<&SqsMessageAttribute>, streams: &Streams) -> Result<Stream, Undeliverable> {
    let name = attribute.and_then(|attribute| attribute.string_value.as_deref());
    let stream: Stream = name
        .ok_or(Undeliverable::NoStream)?
        .parse()
        .map_err(|_| Undeliverable::UnknownStream)?;
    match streams.name_of(stream) {
        Some(_) => Ok(stream),
        None => Err(Undeliverable::StreamNotConfigured(stream)),
    }
}

fn text_of(attribute: SqsMessageAttribute) -> Option<String> {
    attribute.string_value.or_else(|| {
        // Base64Data has no other public way back to the base64 that it came as.
        match serde_json::to_value(attribute.binary_value?) {
            Ok(Value::String(base64)) => Some(base64),
            _ => None,
        }
    })
}
