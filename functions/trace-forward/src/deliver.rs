//! Calls in flight, over all streams, until every record is settled or time
//! is up.

use bytes::Bytes;
use futures::{StreamExt, stream::FuturesUnordered};
use tokio::time::{Instant, sleep_until};

use crate::lane::{Call, Lane};

/// Somewhere to put records.
pub trait DeliveryStream {
    /// Puts `records` into the delivery stream called `name` in one attempt;
    /// one outcome a record, in the same order.
    fn put(
        &self,
        name: &str,
        records: Vec<Bytes>,
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

/// Puts the records of all `lanes`, at most `concurrency` calls at a time.
///
/// Returns when each record is accepted or given up, or at `stop_at`, when
/// calls in flight are cancelled; earlier if no further attempt could begin
/// before it. What was accepted is in the lanes. `name_of` gives a lane's
/// delivery stream.
pub async fn deliver<'a, D: DeliveryStream>(
    delivery: &D,
    name_of: impl Fn(&Lane) -> &'a str,
    lanes: &mut [Lane],
    concurrency: usize,
    stop_at: Instant,
) {
    let mut in_flight = FuturesUnordered::new();
    loop {
        let now = Instant::now();
        if now >= stop_at {
            return;
        }
        lanes.iter_mut().for_each(|lane| lane.wake(now));
        while in_flight.len() < concurrency {
            let Some((index, call, records)) = begin(lanes) else {
                break;
            };
            let name = name_of(&lanes[index]);
            in_flight.push(async move { (index, call, delivery.put(name, records).await) });
        }
        let due = lanes.iter().filter_map(Lane::due).min();
        if in_flight.is_empty() && due.is_none_or(|due| due >= stop_at) {
            return;
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
