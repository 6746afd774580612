//! One invocation, from the SQS event to the batch answer. Knows no AWS client.

use std::time::{Duration, SystemTime};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use shared::{metrics::Metrics, trace_context::TraceContext};
use tokio::time::Instant;

use crate::{
    batch::Batch,
    config::{Policy, Streams},
    deliver::{DeliveryStream, deliver},
    error::ForwardError,
    lane::Lane,
    message::DeadLetter,
    metrics, record,
    summary::Summary,
    trail::Trail,
};

/// How long the move of dead letters may hold up the answer about all other
/// messages. What does not get there in time comes again, and SQS moves it in
/// the end.
pub const BURY_BUDGET: Duration = Duration::from_secs(5);

/// Where messages go that can never be delivered.
pub trait DeadLetters {
    /// Moves `letters`, and returns those that were not accepted by `stop_at`.
    fn bury(&self, letters: &[DeadLetter], stop_at: Instant) -> impl Future<Output = Vec<Unburied>> + Send;
}

/// A dead letter that is still in the source queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unburied {
    /// Its place in the event.
    pub position: usize,
    /// The error's code.
    pub code: String,
}

/// The function, on whatever delivers and buries.
#[derive(Debug, Clone)]
pub struct Forwarder<D, L> {
    delivery: D,
    dead_letters: L,
    streams: Streams,
    policy: Policy,
    metrics: Metrics,
    wall_clock: fn() -> SystemTime,
}

impl<D: DeliveryStream, L: DeadLetters> Forwarder<D, L> {
    /// The function, ready for events.
    pub fn new(delivery: D, dead_letters: L, streams: Streams, policy: Policy, metrics: Metrics) -> Self {
        Self {
            delivery,
            dead_letters,
            streams,
            policy,
            metrics,
            wall_clock: SystemTime::now,
        }
    }

    /// The same on another wall clock: by it lines have an age.
    pub fn with_wall_clock(self, wall_clock: fn() -> SystemTime) -> Self {
        Self { wall_clock, ..self }
    }

    /// Delivers what can be delivered, moves away what never can, and answers
    /// with exactly the messages for which neither was confirmed in time.
    ///
    /// `trace` is the invocation's own; each message says whose it is.
    ///
    /// An error means that the whole batch goes back to the queue.
    pub async fn forward(
        &self,
        event: SqsEvent,
        trace: TraceContext,
        deadline: Instant,
    ) -> Result<SqsBatchResponse, ForwardError> {
        let started = Instant::now();
        let stop_at = deadline - margin(deadline.saturating_duration_since(started), self.policy.margin);
        let mut batch = Batch::sort(event.records, &self.streams);
        let trail = Trail::new(trace, std::mem::take(&mut batch.trace_ids));
        let mut lanes = self.lanes(&mut batch);

        let name_of = |lane: &Lane| self.streams.name_of(lane.ledger().stream()).unwrap_or_default();
        let (unburied, in_flight) = futures::join!(
            self.bury(&batch.dead_letters, stop_at),
            deliver(
                &self.delivery,
                name_of,
                &trail,
                &mut lanes,
                self.policy.concurrency,
                stop_at
            ),
        );

        let undelivered = lanes.iter().flat_map(|lane| lane.ledger().failed_messages());
        let mut failed: Vec<usize> = undelivered
            .chain(unburied.iter().map(|letter| letter.position))
            .collect();
        failed.sort_unstable();
        let answer = batch.answer(&failed);

        lanes
            .iter()
            .flat_map(|lane| lane.ledger().problems())
            .for_each(|problem| problem.log());
        if let Some(last) = unburied.last() {
            ForwardError::DeadLetterQueueFailed {
                messages: unburied.len(),
                code: last.code.clone(),
            }
            .log();
        }
        if let Err(error) = &answer {
            error.log();
        }
        if !failed.is_empty() {
            let ids = trail.of(failed.iter().copied());
            let (requests, trace_ids) = (ids.len(), ids.text());
            tracing::warn!(messages = failed.len(), requests, trace_ids, "given back");
        }
        let now = (self.wall_clock)();
        let summary = Summary {
            in_flight,
            oldest_line_age: batch
                .oldest
                .map(|sent| now.duration_since(sent).unwrap_or_default()),
            ..Summary::of(&batch, &lanes, failed.len())
        };
        summary.log(started.elapsed());
        metrics::record(&self.metrics, &summary, &lanes, started.elapsed());
        self.metrics.count_failures(failed.len());
        answer
    }

    /// Joins the batch's messages into records; their own bytes are let go.
    fn lanes(&self, batch: &mut Batch) -> Vec<Lane> {
        let lane = |(stream, messages): (_, Vec<_>)| {
            Lane::new(
                stream,
                record::join(&messages),
                self.policy.concurrency,
                self.policy.backoff,
            )
        };
        std::mem::take(&mut batch.deliverable)
            .into_iter()
            .map(lane)
            .collect()
    }

    async fn bury(&self, letters: &[DeadLetter], stop_at: Instant) -> Vec<Unburied> {
        match letters {
            [] => Vec::new(),
            _ => {
                let soon = Instant::now() + BURY_BUDGET;
                self.dead_letters.bury(letters, stop_at.min(soon)).await
            }
        }
    }
}

/// Never more than half of the time that is left: a function whose time-out
/// is shorter than its margin would otherwise deliver nothing, ever.
fn margin(left: Duration, wanted: Duration) -> Duration {
    wanted.min(left / 2)
}
