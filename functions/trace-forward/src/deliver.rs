//! Calls in flight, over all streams, until every record is settled or time
//! is up.

use std::collections::BTreeMap;

use bytes::Bytes;
use futures::{StreamExt, stream::FuturesUnordered};
use tokio::time::{Instant, sleep_until};

use crate::{
    lane::{CANCELLED, Call, Lane},
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
    trail: &'a Trail,
    lanes: &mut [Lane],
    concurrency: usize,
    stop_at: Instant,
) -> usize {
    let mut in_flight = FuturesUnordered::new();
    let mut under_way = BTreeMap::new();
    let (mut begun, mut most) = (0_usize, 0);
    loop {
        let now = Instant::now();
        if now >= stop_at {
            break;
        }
        lanes.iter_mut().for_each(|lane| lane.wake(now));
        while in_flight.len() < concurrency {
            let Some((index, call, records)) = begin(lanes) else {
                break;
            };
            let name = name_of(&lanes[index]);
            let ids = trail.of(lanes[index].ledger().messages_of(call.records()));
            let traceparent = trail.traceparent(&ids);
            begun += 1;
            under_way.insert(
                begun,
                UnderWay {
                    index,
                    call,
                    ids,
                    name,
                    began: now,
                },
            );
            in_flight.push(async move { (begun, delivery.put(name, records, &traceparent).await) });
        }
        most = most.max(in_flight.len());
        let due = lanes.iter().filter_map(Lane::due).min();
        if in_flight.is_empty() && due.is_none_or(|due| due >= stop_at) {
            break;
        }
        let wake_at = due.map_or(stop_at, |due| due.min(stop_at));
        tokio::select! {
            Some((number, answer)) = in_flight.next() => {
                if let Some(done) = under_way.remove(&number) {
                    done.log(accepted(&answer), answer.as_ref().err().map(PutError::code));
                    lanes[done.index].settle(done.call, answer, Instant::now());
                }
            }
            () = sleep_until(wake_at) => {}
        }
    }
    for cancelled in under_way.values() {
        cancelled.log(0, Some(CANCELLED));
        lanes[cancelled.index].cancel(&cancelled.call);
    }
    most
}

/// A call that was begun and not settled.
struct UnderWay<'a> {
    index: usize,
    call: Call,
    ids: Ids<'a>,
    name: &'a str,
    began: Instant,
}

impl UnderWay<'_> {
    /// One line a call: whose lines were in it, and how it ended.
    fn log(&self, accepted: usize, code: Option<&str>) {
        tracing::info!(
            stream = self.name,
            records = self.call.records().len(),
            accepted,
            code,
            requests = self.ids.len(),
            trace_ids = self.ids.text(),
            elapsed_ms = self.began.elapsed().as_millis() as u64,
            "put"
        );
    }
}

fn accepted(answer: &Result<Vec<RecordOutcome>, PutError>) -> usize {
    let is_accepted = |outcome: &&RecordOutcome| **outcome == RecordOutcome::Accepted;
    answer
        .as_ref()
        .map_or(0, |outcomes| outcomes.iter().filter(is_accepted).count())
}

/// Begins a call of the lane with the fewest in flight, so that no stream
/// waits behind another's backlog.
fn begin(lanes: &mut [Lane]) -> Option<(usize, Call, Vec<Bytes>)> {
    let able = lanes.iter_mut().enumerate().filter(|(_, lane)| lane.can_begin());
    let (index, lane) = able.min_by_key(|(_, lane)| lane.in_flight())?;
    let (call, records) = lane.begin()?;
    Some((index, call, records))
}
