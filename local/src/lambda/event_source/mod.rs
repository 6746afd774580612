//! Event source mappings: queues that invoke functions.
//!
//! Lambda polls with several pollers, each collecting a batch of its own. Here
//! one collector per mapping gathers a batch only when an invocation may run it,
//! which gives the same concurrency with fuller batches and takes no message
//! off the queue before something can work on it.

mod batch;
mod event;
mod failures;
mod returns;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::{InvokeError, Lambda};
use crate::console;
use crate::sqs::{Message, Sqs};
use crate::template;
use failures::failed_messages;
use returns::Returns;

/// Lambda starts with five concurrent batches.
const DEFAULT_CONCURRENCY: usize = 5;
/// Longest wait of one poll, as Lambda's long polls.
const POLL: Duration = Duration::from_secs(20);
/// Between tries to invoke a throttled function.
const THROTTLED_WAIT: Duration = Duration::from_millis(100);
/// A throttled batch goes back this long before its messages turn visible.
const VISIBILITY_MARGIN: Duration = Duration::from_secs(1);

/// One running mapping.
pub struct EventSource {
    mapping: Arc<Mapping>,
    collector: JoinHandle<()>,
}

struct Mapping {
    lambda: Lambda,
    function: usize,
    sqs: Sqs,
    source: template::QueueSource,
    visibility_timeout: Duration,
    slots: Arc<Semaphore>,
    returns: Returns,
}

impl EventSource {
    /// Starts to poll. `function` is its position in the template.
    pub fn start(
        lambda: Lambda,
        function: usize,
        sqs: Sqs,
        source: template::QueueSource,
        visibility_timeout: Duration,
    ) -> Self {
        let asked = source
            .max_concurrency
            .map_or(DEFAULT_CONCURRENCY, |max| max as usize);
        let concurrency = asked.min(lambda.pools()[function].limit());
        let mapping = Arc::new(Mapping {
            lambda,
            function,
            sqs,
            source,
            visibility_timeout,
            slots: Arc::new(Semaphore::new(concurrency)),
            returns: Returns::default(),
        });
        let collector = tokio::spawn(Arc::clone(&mapping).collect());
        Self { mapping, collector }
    }

    /// The queue that it reads.
    pub fn queue(&self) -> &str {
        &self.mapping.source.queue
    }

    /// Makes visible now what failed and would wait for its visibility time-out.
    pub async fn release(&self) {
        let handles = self.mapping.returns.take();
        if !handles.is_empty() {
            let (sqs, queue) = (&self.mapping.sqs, self.queue());
            sqs.change_visibility(queue, &handles, Duration::ZERO).await;
        }
    }

    /// Stops polling. Batches that run are not waited for.
    pub fn stop(&self) {
        self.collector.abort();
    }
}

impl Mapping {
    async fn collect(self: Arc<Self>) {
        // A concurrency of 0 is a function reserved at 0: its queue is paused.
        while let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await {
            let messages = batch::collect(&self.sqs, &self.source, POLL).await;
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
                    let name = self.lambda.pools()[self.function].function.logical_id();
                    let error = String::from_utf8_lossy(&output.payload).into_owned();
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
        let receipts = failed.into_iter().map(|message| message.receipt);
        self.returns.add(receipts, self.visibility_timeout);
    }
}
