//! The dead-letter queue through the SDK, and what a dead letter says.

use aws_sdk_sqs::Client;
use shared::{
    envelope::STREAM_ATTRIBUTE,
    metrics::Clients,
    queue::{self, MAX_BATCH_BYTES, Outgoing, send_all},
    trace_context::TRACEPARENT,
    warmup::Ping,
};
use tokio::time::Instant;

use crate::{
    handler::{DeadLetters, Unburied},
    message::DeadLetter,
};

/// Why the message is here: [`crate::message::Undeliverable::tag`].
pub const REASON_ATTRIBUTE: &str = "dead_letter_reason";
/// The same in words, with the line or size in question.
pub const DETAIL_ATTRIBUTE: &str = "dead_letter_detail";
/// The message's id in the source queue, which its logs have.
pub const SOURCE_ATTRIBUTE: &str = "dead_letter_source_message_id";

/// SQS takes ten attributes a message.
const MAX_ATTRIBUTES: usize = 10;

/// The dead-letter queue.
#[derive(Debug, Clone)]
pub struct DeadLetterQueue {
    client: Client,
    url: String,
    clients: Clients,
}

impl DeadLetterQueue {
    /// The queue at `url`; calls that are made again are counted by `clients`.
    pub fn new(client: Client, url: String, clients: Clients) -> Self {
        Self { client, url, clients }
    }

    /// Pings the queue: see [`queue::ping`]. Few events need it.
    pub fn ping(&self) -> Ping<'_> {
        Ping::new("sqs", || queue::ping(&self.client, &self.url)).seldom()
    }
}

impl DeadLetters for DeadLetterQueue {
    async fn bury(&self, letters: &[DeadLetter], stop_at: Instant) -> Vec<Unburied> {
        let messages: Vec<Outgoing> = letters.iter().map(outgoing).collect();
        let unsent = send_all(&self.client, &self.url, &messages, stop_at, &self.clients).await;
        let unburied = unsent.into_iter().map(|unsent| Unburied {
            position: letters[unsent.index].position,
            code: unsent.code,
        });
        unburied.collect()
    }
}

/// A body close to SQS' limit leaves no room for all attributes; the last ones
/// go first, and the reason last.
fn outgoing(letter: &DeadLetter) -> Outgoing {
    let mut outgoing = Outgoing {
        body: letter.body.clone(),
        attributes: attributes(letter),
        trace_header: letter.trace_header.clone(),
    };
    while outgoing.size() > MAX_BATCH_BYTES && outgoing.attributes.len() > 1 {
        outgoing.attributes.pop();
    }
    outgoing
}

/// The reason first, then the original attributes, `stream` and `traceparent` before
/// the rest by name, as many as SQS takes; the detail names those that are left out. An
/// earlier burial's attributes give way to this one's.
fn attributes(letter: &DeadLetter) -> Vec<(String, String)> {
    let own = [REASON_ATTRIBUTE, DETAIL_ATTRIBUTE, SOURCE_ATTRIBUTE];
    let mut originals: Vec<_> = letter.attributes.clone();
    originals.retain(|(name, _)| !own.contains(&name.as_str()));
    originals.sort_by_cached_key(|(name, _)| (name != STREAM_ATTRIBUTE, name != TRACEPARENT, name.clone()));
    let room = MAX_ATTRIBUTES - own.len();
    let left_out: Vec<_> = originals
        .drain(room.min(originals.len())..)
        .map(|(name, _)| name)
        .collect();

    let mut detail = letter.reason.to_string();
    if !left_out.is_empty() {
        detail += &format!("; attributes left out: {}", left_out.join(", "));
    }
    let reason = letter.reason.tag().to_owned();
    let values = [Some(reason), Some(detail), letter.message_id.clone()];
    let named = own
        .into_iter()
        .zip(values)
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    named.chain(originals).collect()
}

#[cfg(test)]
mod tests;
