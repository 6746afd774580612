//! The way in for the event source mapping, past the wire protocol.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::error::SqsError;
use super::message::Message;
use super::queue::Queue;
use super::receipt::Receipt;
use super::receive::Receive;
use super::take::Depth;
use super::{Sqs, TROUBLE, on_disk};

/// One poll's bounds.
#[derive(Debug, Clone, Copy)]
pub struct ReceiveLimits {
    /// At most so many messages.
    pub max_messages: usize,
    /// At most so many bytes of an invocation's JSON payload, by an estimate on
    /// the safe side. A message that alone exceeds it is still handed out, by
    /// itself, or it would hold up the queue until it expired.
    pub max_bytes: usize,
    /// How long to wait for the first message.
    pub wait: Duration,
}

impl Sqs {
    /// Up to `limits` messages, hidden for the queue's visibility timeout:
    /// as soon as there is one, else none after the wait. An unknown queue has none.
    pub async fn receive(&self, queue: &str, limits: ReceiveLimits) -> Vec<Message> {
        let want = Receive {
            max_messages: limits.max_messages,
            max_bytes: limits.max_bytes,
            visibility: None,
            wait: limits.wait,
        };
        let received = match self.0.registry.find(queue) {
            Ok(found) => self.0.receive(&found, want).await,
            Err(error) => Err(error),
        };
        match received {
            Ok(messages) => messages,
            // So many are at work already that more would not help.
            Err(SqsError::OverLimit) => Vec::new(),
            Err(error) => {
                TROUBLE.note(format!("{queue}: receiving failed: {error}"));
                // A caller that polls in a loop must not spin on an error.
                tokio::time::sleep(limits.wait.min(Duration::from_secs(1))).await;
                Vec::new()
            }
        }
    }

    /// Deletes received messages; handles that are outdated or unknown are passed over.
    pub async fn delete(&self, queue: &str, receipt_handles: &[String]) {
        let Ok(found) = self.0.registry.find(queue) else {
            return;
        };
        let receipts = receipts(&found, receipt_handles);
        let deleted = on_disk(move || found.delete(&receipts)).await;
        if let Err(error) = deleted {
            TROUBLE.note(format!(
                "{queue}: deleting failed, the messages may come again: {error}"
            ));
        }
    }

    /// Hides received messages for `timeout` from now (zero: shows them);
    /// handles that are outdated or unknown are passed over.
    pub async fn change_visibility(&self, queue: &str, receipt_handles: &[String], timeout: Duration) {
        if let Ok(found) = self.0.registry.find(queue) {
            for receipt in receipts(&found, receipt_handles) {
                // A message that is no longer in flight needs no change.
                let _ = found.change_visibility(receipt, timeout);
            }
        }
    }

    /// How full a queue is; `None` if there is none of that name.
    pub fn depth(&self, queue: &str) -> Option<Depth> {
        Some(self.0.registry.find(queue).ok()?.depth())
    }

    /// How often this process has handed out a message that had been handed out
    /// before; 0 for an unknown queue.
    pub fn redelivered(&self, queue: &str) -> u64 {
        let found = self.0.registry.find(queue);
        found.map_or(0, |queue| queue.redelivered.load(Ordering::Relaxed))
    }

    /// The names of all queues, sorted.
    pub fn queues(&self) -> Vec<String> {
        self.0.registry.names()
    }
}

fn receipts(queue: &Queue, handles: &[String]) -> Vec<Receipt> {
    handles
        .iter()
        .filter_map(|handle| Receipt::parse(queue.id, handle).ok())
        .collect()
}
