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
mod catalogue;
mod clock;
mod digest;
mod direct;
mod error;
mod error_code;
mod holds;
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
mod settings;
mod store;
mod take;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;

use crate::console::Repeated;
use crate::faults::Faults;
use crate::template;
use registry::Registry;

pub use direct::ReceiveLimits;
pub use error::SqsError;
pub use message::{Message, MessageAttribute};
pub use settings::SqsSettings;
pub use take::Depth;

/// The store failing, whoever met it.
static TROUBLE: Repeated = Repeated::new();

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
}

/// Runs a call that blocks on the store, off the runtime's own threads. It runs
/// to its end even if the caller goes away.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SqsError> + Send + 'static,
) -> Result<T, SqsError> {
    tokio::task::spawn_blocking(work).await?
}
