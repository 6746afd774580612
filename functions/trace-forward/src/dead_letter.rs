//! The dead-letter queue through the SDK, and what a dead letter says.

use aws_sdk_sqs::Client;
use shared::{
    envelope::STREAM_ATTRIBUTE,
    queue::{Outgoing, send_all},
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
}

impl DeadLetterQueue {
    /// The queue at `url`.
    pub fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }
}

impl DeadLetters for DeadLetterQueue {
    async fn bury(&self, letters: &[DeadLetter], stop_at: Instant) -> Vec<Unburied> {
        let messages: Vec<Outgoing> = letters.iter().map(outgoing).collect();
        let unsent = send_all(&self.client, &self.url, &messages, stop_at).await;
        let unburied = unsent.into_iter().map(|unsent| Unburied {
            position: letters[unsent.index].position,
            code: unsent.code,
        });
        unburied.collect()
    }
}

fn outgoing(letter: &DeadLetter) -> Outgoing {
    Outgoing {
        body: letter.body.clone(),
        attributes: attributes(letter),
        trace_header: letter.trace_header.clone(),
    }
}

/// The reason first, then the original attributes, `stream` before the rest by
/// name, as many as SQS takes. Left over from ten originals are the last by
/// name. An earlier burial's attributes give way to this one's.
fn attributes(letter: &DeadLetter) -> Vec<(String, String)> {
    let own = [
        Some((REASON_ATTRIBUTE, letter.reason.tag().to_owned())),
        Some((DETAIL_ATTRIBUTE, letter.reason.to_string())),
        letter.message_id.clone().map(|id| (SOURCE_ATTRIBUTE, id)),
    ];
    let own = own
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.to_owned(), value));
    let mut originals: Vec<_> = letter
        .attributes
        .iter()
        .filter(|(name, _)| ![REASON_ATTRIBUTE, DETAIL_ATTRIBUTE, SOURCE_ATTRIBUTE].contains(&name.as_str()))
        .cloned()
        .collect();
    originals.sort_by_cached_key(|(name, _)| (name != STREAM_ATTRIBUTE, name.clone()));
    own.chain(originals).take(MAX_ATTRIBUTES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Undeliverable;

    fn letter(attributes: &[(&str, &str)]) -> DeadLetter {
        DeadLetter {
            position: 0,
            message_id: Some("m-1".into()),
            body: "x".into(),
            attributes: attributes
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            trace_header: Some("Root=1".into()),
            reason: Undeliverable::NotNdjson { line: 1 },
        }
    }

    fn value(attributes: &[(String, String)], name: &str) -> Option<String> {
        attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.clone())
    }

    #[test]
    fn a_letter_keeps_what_it_came_with_and_says_why() {
        let letter = letter(&[("stream", "traces"), ("tenant", "7")]);
        let outgoing = outgoing(&letter);
        assert_eq!(
            (outgoing.body.as_str(), outgoing.trace_header.as_deref()),
            ("x", Some("Root=1"))
        );
        for (name, expected) in [
            (REASON_ATTRIBUTE, "not_ndjson"),
            (DETAIL_ATTRIBUTE, "line 1 is not one JSON object"),
            (SOURCE_ATTRIBUTE, "m-1"),
            ("stream", "traces"),
            ("tenant", "7"),
        ] {
            assert_eq!(value(&outgoing.attributes, name).as_deref(), Some(expected));
        }
    }

    #[test]
    fn there_are_never_more_than_ten_attributes_and_the_stream_stays() {
        let names: Vec<String> = (0..9).map(|n| format!("a{n}")).collect();
        let mut all: Vec<_> = names.iter().map(|name| (name.as_str(), "v")).collect();
        all.push(("stream", "traces"));
        let attributes = attributes(&letter(&all));
        assert_eq!(attributes.len(), 10);
        assert_eq!(value(&attributes, "stream").as_deref(), Some("traces"));
        assert_eq!(
            value(&attributes, REASON_ATTRIBUTE).as_deref(),
            Some("not_ndjson")
        );
    }

    #[test]
    fn a_letter_that_was_buried_before_carries_only_the_newest_reason() {
        let attributes = attributes(&letter(&[
            (REASON_ATTRIBUTE, "no_stream"),
            (SOURCE_ATTRIBUTE, "m-0"),
        ]));
        let names: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, [REASON_ATTRIBUTE, DETAIL_ATTRIBUTE, SOURCE_ATTRIBUTE]);
        assert_eq!(value(&attributes, SOURCE_ATTRIBUTE).as_deref(), Some("m-1"));
    }
}
