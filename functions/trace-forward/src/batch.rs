//! An SQS event, sorted into what can be delivered and what never can.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::{Duration, SystemTime},
};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use shared::{
    envelope::Stream,
    trace_context::{TRACEPARENT, TraceId},
};

use crate::{
    config::Streams,
    error::ForwardError,
    message::{self, DeadLetter, Message},
};

/// The event's messages, each in exactly one place.
#[derive(Debug, Default)]
pub struct Batch {
    /// Each message's id; `None` where the event has none.
    ids: Vec<Option<String>>,
    /// The trace that each message belongs to.
    pub trace_ids: Vec<Option<TraceId>>,
    /// When SQS took the message that has waited longest.
    pub oldest: Option<SystemTime>,
    /// What can be delivered, by stream, in the event's order.
    pub deliverable: BTreeMap<Stream, Vec<Message>>,
    /// What never can.
    pub dead_letters: Vec<DeadLetter>,
    /// Messages that are in the event twice and are delivered once.
    pub duplicates: usize,
}

impl Batch {
    /// Sorts `messages`.
    ///
    /// SQS may hand out a message twice. The second copy, same id and same
    /// body, is left out: its id answers for both. Messages that share an id
    /// and differ in body are all delivered, since dropping one would lose it.
    pub fn sort(messages: Vec<SqsMessage>, streams: &Streams) -> Self {
        let ids = messages
            .iter()
            .map(|m| m.message_id.clone().filter(|id| !id.is_empty()))
            .collect();
        let repeated = repeated(&messages);
        let mut batch = Self {
            ids,
            trace_ids: messages.iter().map(trace_id).collect(),
            oldest: messages.iter().filter_map(sent_at).min(),
            duplicates: repeated.len(),
            ..Self::default()
        };
        for (position, message) in messages.into_iter().enumerate() {
            if repeated.contains(&position) {
                continue;
            }
            match message::read(position, message, streams) {
                Ok(message) => batch.deliverable.entry(message.stream).or_default().push(message),
                Err(letter) => batch.dead_letters.push(*letter),
            }
        }
        batch
    }

    /// How many messages the event holds.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether the event holds no message.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The answer that makes SQS hand out again exactly the messages at the
    /// positions `failed`, each id once.
    ///
    /// A message without an id cannot be named in it, so that one makes the
    /// whole invocation fail: all come back, and none is lost.
    pub fn answer(&self, failed: &[usize]) -> Result<SqsBatchResponse, ForwardError> {
        let unnamed = failed
            .iter()
            .filter(|position| self.ids[**position].is_none())
            .count();
        if unnamed > 0 {
            return Err(ForwardError::Unreportable { messages: unnamed });
        }
        let mut seen = HashSet::new();
        let ids = failed
            .iter()
            .filter_map(|position| self.ids[*position].as_deref());
        let mut answer = SqsBatchResponse::default();
        answer.set_failures(ids.filter(|id| seen.insert(*id)));
        Ok(answer)
    }
}

/// Its `traceparent`, or the X-Ray header of one that something else has sent.
fn trace_id(message: &SqsMessage) -> Option<TraceId> {
    let attribute = message.message_attributes.get(TRACEPARENT);
    let traceparent = attribute.and_then(|attribute| attribute.string_value.as_deref());
    let xray = || message.attributes.get("AWSTraceHeader");
    traceparent
        .and_then(TraceId::of_traceparent)
        .or_else(|| TraceId::of_xray(xray()?))
}

fn sent_at(message: &SqsMessage) -> Option<SystemTime> {
    let ms = message.attributes.get("SentTimestamp")?.parse().ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(ms))
}

fn repeated(messages: &[SqsMessage]) -> HashSet<usize> {
    let mut first: HashMap<&str, &SqsMessage> = HashMap::with_capacity(messages.len());
    let mut repeated = HashSet::new();
    for (position, message) in messages.iter().enumerate() {
        let Some(id) = message.message_id.as_deref().filter(|id| !id.is_empty()) else {
            continue;
        };
        let earlier = first.entry(id).or_insert(message);
        if !std::ptr::eq(*earlier, message) && earlier.body == message.body {
            repeated.insert(position);
        }
    }
    repeated
}
