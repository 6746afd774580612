//! Event source mappings: queues that invoke functions.
//!
//! Lambda polls with several pollers, each collecting a batch of its own. Here
//! one collector per mapping gathers a batch only when an invocation may run it,
//! which gives the same concurrency with fuller batches and takes no message
//! off the queue before something can work on it.

mod batch;
mod event;
mod failures;
mod mapping;
mod returns;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::Lambda;
use crate::sqs::Sqs;
use crate::template;
use mapping::Mapping;

/// Lambda starts with five concurrent batches.
const DEFAULT_CONCURRENCY: usize = 5;

/// One running mapping.
pub struct EventSource {
    mapping: Arc<Mapping>,
    /// None for a function reserved at 0: its queue is paused.
    collector: Option<JoinHandle<()>>,
}

impl EventSource {
    /// Starts to poll `queue`. `function` is its position in the template.
    pub fn start(
        lambda: Lambda,
        function: usize,
        sqs: Sqs,
        source: template::QueueSource,
        queue: &template::Queue,
    ) -> Self {
        let asked = source
            .max_concurrency
            .map_or(DEFAULT_CONCURRENCY, |max| max as usize);
        let concurrency = asked.min(lambda.pools()[function].limit());
        let mapping = Arc::new(Mapping::new(lambda, function, sqs, source, queue, concurrency));
        let collector = (concurrency > 0).then(|| tokio::spawn(Arc::clone(&mapping).collect()));
        Self { mapping, collector }
    }

    /// The queue that it reads.
    pub fn queue(&self) -> &str {
        &self.mapping.source.queue
    }

    /// From now on batches are not waited for, as the stack is about to stop.
    pub fn drain(&self) {
        self.mapping.drain();
    }

    /// Makes visible now what failed and would wait for its visibility time-out,
    /// as far as a stop may.
    pub async fn release(&self) {
        let handles = self.mapping.returns.release();
        if !handles.is_empty() {
            let (sqs, queue) = (&self.mapping.sqs, self.queue());
            sqs.change_visibility(queue, &handles, Duration::ZERO).await;
        }
    }

    /// How many messages the next start is to have. All, if the queue is paused.
    pub fn stuck(&self) -> usize {
        match self.collector {
            Some(_) => self.mapping.returns.stuck(),
            None => usize::MAX,
        }
    }

    /// Stops polling. Batches that run are not waited for.
    pub fn stop(&self) {
        if let Some(collector) = &self.collector {
            collector.abort();
        }
    }
}
