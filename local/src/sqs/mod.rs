//! Amazon SQS standard queues on this machine: the JSON protocol for SDKs, and
//! a direct way in for the event source mapping.
//!
//! A 2xx is a promise: the message is with the operating system and survives
//! `kill -9`. Calls to the store run on tokio's blocking threads. Each takes
//! microseconds, but fjall parks its caller (100 ms at a time) when the disk
//! falls behind, and on two cores that would stop half of the whole stack; the
//! hand-over costs about 10 µs.

mod actions;
mod attributes;
mod clock;
mod digest;
mod error;
mod error_code;
mod index;
mod limits;
mod message;
mod message_attributes;
mod payload;
mod queue;
mod receipt;
mod receive;
mod registry;
mod row;
mod store;
mod take;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::console::Repeated;
use crate::faults::Faults;
use crate::template;
use registry::Registry;

pub use error::SqsError;
pub use message::{Message, MessageAttribute};
pub use take::Depth;

/// The store failing, whoever met it.
static TROUBLE: Repeated = Repeated::new();

/// What queue URLs and ARNs are made of.
#[derive(Debug, Clone)]
pub struct SqsSettings {
    /// Scheme, host and port, for example `http://127.0.0.1:3000`.
    pub endpoint: String,
    /// Twelve digits.
    pub account_id: String,
    /// For example `eu-central-1`.
    pub region: String,
}

impl SqsSettings {
    fn arn(&self, queue: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{queue}", self.region, self.account_id)
    }

    fn url(&self, queue: &str) -> String {
        let endpoint = self.endpoint.trim_end_matches('/');
        format!("{endpoint}/{}/{queue}", self.account_id)
    }
}

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

/// All queues. Clones are the same queues.
#[derive(Clone)]
pub struct Sqs(Arc<Inner>);

struct Inner {
    settings: SqsSettings,
    faults: Faults,
    registry: Registry,
}

impl Sqs {
    /// Opens the store in `dir`, with every queue and message that it holds;
    /// all messages are visible at once.
    ///
    /// # Errors
    /// The folder cannot be written, is in use by another process, or holds
    /// something unreadable.
    pub fn open(dir: &Path, settings: SqsSettings, faults: Faults) -> Result<Self, SqsError> {
        Ok(Self(Arc::new(Inner {
            settings,
            faults,
            registry: Registry::open(dir)?,
        })))
    }

    /// Creates a queue of the template, or gives the existing one the
    /// template's attributes. Messages stay.
    ///
    /// # Errors
    /// The name is not allowed, or the store failed.
    pub fn create_queue(&self, queue: &template::Queue) -> Result<(), SqsError> {
        let arn = |name: &str| self.0.settings.arn(name);
        self.0.registry.create(
            &queue.name,
            |attributes| {
                attributes.apply_template(queue, arn);
                Ok(())
            },
            |existing| {
                let mut attributes = existing.attributes();
                attributes.apply_template(queue, arn);
                existing.set_attributes(attributes)
            },
        )
    }

    /// Answers one call of the wire protocol; `action` is what follows
    /// `AmazonSQS.` in `X-Amz-Target`.
    pub async fn handle(&self, action: &str, body: Bytes) -> Response<Bytes> {
        self.0.faults.service_latency().await;
        actions::dispatch(&self.0, action, body).await
    }

    /// Up to `limits` messages, hidden for the queue's visibility timeout:
    /// as soon as there is one, else none after the wait. An unknown queue has none.
    pub async fn receive(&self, queue: &str, limits: ReceiveLimits) -> Vec<Message> {
        let want = receive::Receive {
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

fn receipts(queue: &queue::Queue, handles: &[String]) -> Vec<receipt::Receipt> {
    handles
        .iter()
        .filter_map(|handle| receipt::Receipt::parse(queue.id, handle).ok())
        .collect()
}

/// Runs a call that blocks on the store, off the runtime's own threads. It runs
/// to its end even if the caller goes away.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SqsError> + Send + 'static,
) -> Result<T, SqsError> {
    tokio::task::spawn_blocking(work).await?
}
