//! Receiving: wait for messages, hide them, read them, give up hopeless ones.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::Inner;
use super::clock::epoch_ms;
use super::error::SqsError;
use super::message::{Envelope, Message};
use super::queue::Queue;
use super::receipt::Receipt;
use super::row::Row;
use super::take::{Take, Taken};
use crate::console::Repeated;

static GIVEN_UP: Repeated = Repeated::new();

/// What a receiver asks for.
#[derive(Debug, Clone, Copy)]
pub struct Receive {
    pub max_messages: usize,
    pub max_bytes: usize,
    /// The queue's own when absent.
    pub visibility: Option<Duration>,
    /// How long to wait for the first message.
    pub wait: Duration,
}

impl Inner {
    /// At least one message as soon as there is one, or none after the wait.
    pub(super) async fn receive(
        self: &Arc<Self>,
        queue: &Arc<Queue>,
        want: Receive,
    ) -> Result<Vec<Message>, SqsError> {
        let deadline = Instant::now() + want.wait;
        loop {
            // Listening starts before looking, or a message that arrives in
            // between is slept through.
            let mut arrived = pin!(queue.arrived.notified());
            arrived.as_mut().enable();
            queue.check_exists()?;
            let (taken, next_release) = self.take(queue, want);
            let over_limit = taken.over_limit && taken.received.is_empty();
            if !taken.received.is_empty() || !taken.given_up.is_empty() {
                let (this, queue) = (self.clone(), queue.clone());
                let read = tokio::task::spawn_blocking(move || this.collect(&queue, taken));
                let messages = read.await??;
                if !messages.is_empty() {
                    return Ok(messages);
                }
            }
            let now = Instant::now();
            if now >= deadline {
                // Only a short poll is told; a long poll just finds nothing.
                return if over_limit && want.wait.is_zero() {
                    Err(SqsError::OverLimit)
                } else {
                    Ok(Vec::new())
                };
            }
            let until = next_release.map_or(deadline, |release| release.min(deadline));
            tokio::select! {
                () = arrived => {}
                () = tokio::time::sleep_until(until) => {}
            }
        }
    }

    fn take(&self, queue: &Queue, want: Receive) -> (Taken, Option<Instant>) {
        let attributes = queue.attributes();
        // Without a queue to move to, messages stay, as they do in the service.
        let redrive = attributes
            .redrive
            .filter(|policy| self.registry.find(policy.target()).is_ok());
        let take = Take {
            max_messages: want.max_messages,
            max_bytes: want.max_bytes,
            visibility: want.visibility.unwrap_or(attributes.visibility_timeout),
            retention: attributes.retention,
            max_receives: redrive.map(|policy| policy.max_receive_count),
        };
        let mut index = queue.index();
        let taken = index.take(Instant::now(), epoch_ms(), take);
        (taken, index.next_release())
    }

    /// The disk's part. Receive counts are written before anyone sees the
    /// messages, so that one that kills its reader reaches its limit even if
    /// it takes this process along.
    fn collect(&self, queue: &Queue, taken: Taken) -> Result<Vec<Message>, SqsError> {
        for (sequence, row) in taken.given_up {
            if let Err(error) = self.give_up(queue, sequence, row) {
                super::TROUBLE.note(format!(
                    "{}: a message could not be moved to the dead-letter queue and is tried again: {error}",
                    queue.name
                ));
                let now = Instant::now();
                let sent = super::clock::instant_of(row.sent_ms, now);
                queue
                    .index()
                    .push(sequence, row, sent, now, Duration::from_secs(1));
            }
        }
        let expired = queue.index().drain_expired();
        queue.store.remove(queue.id, &expired)?;
        queue.store.update_rows(queue.id, &taken.received)?;
        let again = taken.received.iter().filter(|(_, row)| row.receives > 1);
        queue
            .redelivered
            .fetch_add(again.count() as u64, Ordering::Relaxed);
        let mut messages = Vec::with_capacity(taken.received.len());
        for (sequence, row) in taken.received {
            if let Some(stored) = queue.store.message(queue.id, sequence)? {
                messages.push(self.message(queue, sequence, row, &stored)?);
            }
        }
        Ok(messages)
    }

    fn give_up(&self, queue: &Queue, sequence: u64, row: Row) -> Result<(), SqsError> {
        let attributes = queue.attributes();
        let target = attributes.redrive.as_ref().map_or("", |p| p.target());
        let target = self.registry.find(target)?;
        let Some(stored) = queue.store.message(queue.id, sequence)? else {
            return Ok(());
        };
        let (mut envelope, body) = Envelope::decode(&stored)?;
        envelope.earlier_receives += row.receives;
        envelope.dead_letter_source = Some(self.settings.arn(&queue.name));
        target.adopt((queue.id, sequence), row, envelope.encode(body)?)?;
        GIVEN_UP.note(format!(
            "{}: a message was received {} times without success and is now in {}",
            queue.name, row.receives, target.name
        ));
        Ok(())
    }

    fn message(&self, queue: &Queue, sequence: u64, row: Row, stored: &[u8]) -> Result<Message, SqsError> {
        let (envelope, body) = Envelope::decode(stored)?;
        let receives = row.receives.saturating_add(envelope.earlier_receives);
        let mut attributes = BTreeMap::new();
        let mut put = |name: &str, value: String| attributes.insert(name.to_owned(), value);
        put("SenderId", self.settings.account_id.clone());
        put("SentTimestamp", row.sent_ms.to_string());
        put("ApproximateReceiveCount", receives.to_string());
        put(
            "ApproximateFirstReceiveTimestamp",
            row.first_received_ms.to_string(),
        );
        if let Some(trace) = envelope.trace_header {
            put("AWSTraceHeader", trace);
        }
        if let Some(source) = envelope.dead_letter_source {
            put("DeadLetterQueueSourceArn", source);
        }
        let receipt = Receipt {
            queue: queue.id,
            sequence,
            receives: row.receives,
        };
        Ok(Message {
            message_id: envelope.message_id,
            receipt_handle: receipt.handle(),
            body: body.to_owned(),
            md5_of_body: envelope.md5_of_body,
            attributes,
            message_attributes: envelope.message_attributes,
            payload_bytes: row.payload_bytes as usize,
        })
    }
}
