//! The orderly stop: what was accepted reaches its Firehose files first.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Running;
use crate::console::note;

/// How often the queues are looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Between two releases of failed messages: what is in the function's way for a
/// moment should be gone by the next try.
const RELEASE: Duration = Duration::from_millis(250);

/// What a stop left on disk, per queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// Name of the queue.
    pub queue: String,
    /// Messages in it; the next start has them.
    pub messages: usize,
}

impl Running {
    /// Stops: no new requests and triggers, running invocations end but those
    /// of schedules, queues with a function behind them run empty as far as
    /// their messages do not keep failing, Firehose writes its buffers, children
    /// end. The waits together take at most `limit`.
    pub async fn stop(self, limit: Duration) -> Vec<Leftover> {
        self.gateway.traffic.close();
        self.gateway.scheduler.stop();
        for source in &self.sources {
            source.drain();
        }
        let until = Instant::now() + limit;
        let mut release = Instant::now();
        while !self.is_drained() && Instant::now() < until {
            if Instant::now() >= release {
                for source in &self.sources {
                    source.release().await;
                }
                release = Instant::now() + RELEASE;
            }
            sleep(LOOK).await;
        }
        for source in &self.sources {
            source.stop();
        }
        let cut_off = self.lambda.running().saturating_sub(self.lambda.awaited());
        if cut_off > 0 {
            note(format!(
                "ended in mid-work, as their schedules come again: {cut_off}"
            ));
        }
        // Children first: what they have put so far is then all there is.
        self.lambda.stop().await;
        if let Err(error) = self.firehose.flush().await {
            note(format!("Firehose could not write its buffers: {error}"));
        }
        self.leftovers()
    }

    fn is_drained(&self) -> bool {
        // In this order: a request ends after the event that it left is counted.
        self.gateway.traffic.running() == 0
            && self.lambda.queued_events() == 0
            && self.lambda.awaited() == 0
            && self
                .sources
                .iter()
                .all(|source| self.messages(source.queue()) <= self.stuck(source.queue()))
    }

    /// Messages that no source of the queue is going to try again.
    fn stuck(&self, queue: &str) -> usize {
        let sources = self.sources.iter().filter(|source| source.queue() == queue);
        sources.fold(0, |stuck, source| stuck.saturating_add(source.stuck()))
    }

    fn messages(&self, queue: &str) -> usize {
        let depth = self.sqs.depth(queue);
        depth.map_or(0, |depth| depth.visible + depth.in_flight + depth.delayed)
    }

    fn leftovers(&self) -> Vec<Leftover> {
        let queues = self.sqs.queues().into_iter();
        queues
            .map(|queue| Leftover {
                messages: self.messages(&queue),
                queue,
            })
            .filter(|leftover| leftover.messages > 0)
            .collect()
    }
}
