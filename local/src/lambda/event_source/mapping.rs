//! One mapping at work: gather, invoke, delete what was handled.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::failures::failed_messages;
use super::returns::Returns;
use super::{batch, event};
use crate::console;
use crate::lambda::outcome::brief;
use crate::lambda::{InvokeError, Lambda};
use crate::sqs::{Message, Sqs};
use crate::template;

/// Longest wait of one poll, as Lambda's long polls.
const POLL: Duration = Duration::from_secs(20);
/// Between tries to invoke a throttled function.
const THROTTLED_WAIT: Duration = Duration::from_millis(100);
/// A throttled batch goes back this long before its messages turn visible.
const VISIBILITY_MARGIN: Duration = Duration::from_secs(1);

/// One queue, its function, and how many batches may run.
pub(super) struct Mapping {
    lambda: Lambda,
    function: usize,
    pub sqs: Sqs,
    pub source: template::QueueSource,
    visibility_timeout: Duration,
    slots: Arc<Semaphore>,
    pub returns: Returns,
    draining: AtomicBool,
}

impl Mapping {
    pub fn new(
        lambda: Lambda,
        function: usize,
        sqs: Sqs,
        source: template::QueueSource,
        queue: &template::Queue,
        concurrency: usize,
    ) -> Self {
        Self {
            lambda,
            function,
            sqs,
            source,
            visibility_timeout: queue.visibility_timeout,
            slots: Arc::new(Semaphore::new(concurrency)),
            returns: Returns::new(queue.redrive.as_ref().map(|redrive| redrive.max_receive_count)),
            draining: AtomicBool::new(false),
        }
    }

    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Gathers and runs batches for ever.
    pub async fn collect(self: Arc<Self>) {
        while let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await {
            let messages = batch::collect(&self.sqs, &self.source, POLL, &self.draining).await;
            if messages.is_empty() {
                continue;
            }
            let mapping = Arc::clone(&self);
            tokio::spawn(async move {
                mapping.run(messages).await;
                drop(slot);
            });
        }
    }

    /// Invokes the function on one batch, in as many events as its size needs.
    async fn run(&self, messages: Vec<Message>) {
        let received = Instant::now();
        let settings = self.lambda.settings();
        for event in event::build(messages, &self.source.queue, settings) {
            let failed = match self.invoke(event.payload, received).await {
                Some(answer) if self.source.report_batch_item_failures => {
                    failed_messages(&answer, &event.messages)
                }
                Some(_) => Vec::new(),
                None => event.messages.clone(),
            };
            self.settle(event.messages, failed).await;
        }
    }

    /// The function's answer; `None` when it failed.
    async fn invoke(&self, payload: bytes::Bytes, received: Instant) -> Option<bytes::Bytes> {
        loop {
            match self.lambda.call(self.function, payload.clone(), None).await {
                Ok(output) if output.function_error.is_none() => return Some(output.payload),
                Ok(output) => {
                    let name = self.lambda.name(self.function);
                    let error = brief(&output.payload);
                    console::note(format!(
                        "{name} failed on a batch of {}: {error}",
                        self.source.queue
                    ));
                    return None;
                }
                Err(InvokeError::Throttled) if self.still_hidden(received) => sleep(THROTTLED_WAIT).await,
                Err(_) => return None,
            }
        }
    }

    fn still_hidden(&self, received: Instant) -> bool {
        received.elapsed() + VISIBILITY_MARGIN < self.visibility_timeout
            && !self.lambda.pools()[self.function].is_closed()
    }

    /// Deletes what was handled; the rest turns visible again by itself.
    async fn settle(&self, messages: Vec<event::Handle>, failed: Vec<event::Handle>) {
        let done: Vec<String> = messages
            .into_iter()
            .filter(|message| !failed.contains(message))
            .map(|message| message.receipt)
            .collect();
        if !done.is_empty() {
            self.sqs.delete(&self.source.queue, &done).await;
        }
        self.returns.add(failed, self.visibility_timeout);
    }
}
