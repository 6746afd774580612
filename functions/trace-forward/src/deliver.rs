//! Calls in flight, over all streams, until every record is settled or time
//! is up.

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, stream::FuturesUnordered};
use tokio::time::{Instant, sleep_until};

use crate::{
    lane::{Call, Lane},
    trail::{Ids, Trail},
};

/// Somewhere to put records.
pub trait DeliveryStream {
    /// Puts `records` into the delivery stream called `name` in one attempt;
    /// one outcome a record, in the same order. The call carries `traceparent`.
    fn put(
        &self,
        name: &str,
        records: Vec<Bytes>,
        traceparent: &str,
    ) -> impl Future<Output = Result<Vec<RecordOutcome>, PutError>> + Send;
}

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordOutcome {
    /// It is in.
    Accepted,
    /// It is not, for now; the error's code.
    Failed(String),
}

/// Why a whole call failed; each with the error's code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PutError {
    /// Too much at once: send it again, and less at a time.
    Throttled(String),
    /// The service or the way to it failed: send it again.
    Unavailable(String),
    /// Something in this call is not valid; other calls may be.
    Rejected(String),
    /// Nothing will get into this stream during this invocation.
    Refused(String),
}

impl PutError {
    /// The error's code.
    pub fn code(&self) -> &str {
        let (Self::Throttled(code) | Self::Unavailable(code) | Self::Rejected(code) | Self::Refused(code)) =
            self;
        code
    }
}

/// Puts the records of all `lanes`, at most `concurrency` calls at a time.
///
/// Returns when each record is accepted or given up, or at `stop_at`, when
/// calls in flight are cancelled; earlier if no further attempt could begin
/// before it. What was accepted is in the lanes. `name_of` gives a lane's
/// delivery stream. Answers with the most calls that were in flight at a time.
pub async fn deliver<'a, D: DeliveryStream>(
    delivery: &D,
    name_of: impl Fn(&Lane) -> &'a str,
    trail: &Trail,
    lanes: &mut [Lane],
    concurrency: usize,
    stop_at: Instant,
) -> usize {
    let mut in_flight = FuturesUnordered::new();
    let mut most = 0;
    loop {
        let now = Instant::now();
        if now >= stop_at {
            return most;
        }
        lanes.iter_mut().for_each(|lane| lane.wake(now));
        while in_flight.len() < concurrency {
            let Some((index, call, records)) = begin(lanes) else {
                break;
            };
            let name = name_of(&lanes[index]);
            let ids = trail.of(lanes[index].ledger().messages_of(call.records()));
            in_flight.push(async move {
                let traceparent = trail.traceparent(&ids);
                let answer = delivery.put(name, records, &traceparent).await;
                log(name, &call, &ids, &answer, now.elapsed());
                (index, call, answer)
            });
        }
        most = most.max(in_flight.len());
        let due = lanes.iter().filter_map(Lane::due).min();
        if in_flight.is_empty() && due.is_none_or(|due| due >= stop_at) {
            return most;
        }
        let wake_at = due.map_or(stop_at, |due| due.min(stop_at));
        tokio::select! {
            Some((index, call, answer)) = in_flight.next() => lanes[index].settle(call, answer, Instant::now()),
            () = sleep_until(wake_at) => {}
        }
    }
}

/// Begins a call of the lane with the fewest in flight, so that no stream
/// waits behind another's backlog.
fn begin(lanes: &mut [Lane]) -> Option<(usize, Call, Vec<Bytes>)> {
    let able = lanes.iter_mut().enumerate().filter(|(_, lane)| lane.can_begin());
    let (index, lane) = able.min_by_key(|(_, lane)| lane.in_flight())?;
    let (call, records) = lane.begin()?;
    Some((index, call, records))
}

/// One line a call: whose lines were in it, and how it ended.
fn log(
    stream: &str,
    call: &Call,
    ids: &Ids<'_>,
    answer: &Result<Vec<RecordOutcome>, PutError>,
    elapsed: Duration,
) {
    let records = call.records().len();
    let is_accepted = |outcome: &&RecordOutcome| **outcome == RecordOutcome::Accepted;
    let (accepted, code) = match answer {
        Ok(outcomes) => (outcomes.iter().filter(is_accepted).count(), None),
        Err(error) => (0, Some(error.code())),
    };
    tracing::info!(
        stream,
        records,
        accepted,
        code,
        requests = ids.len(),
        trace_ids = ids.text(),
        elapsed_ms = elapsed.as_millis() as u64,
        "put"
    );
}
