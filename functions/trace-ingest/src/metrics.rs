//! What a request is in figures: one line a request, and one for each reason why
//! something of it was not taken. Their meaning is in `docs/METRICS.md`.

use std::{borrow::Cow, collections::BTreeMap, time::Duration};

use lambda_http::{Body, Response};
use metrique::{
    unit::{Count, Millisecond},
    unit_of_work::metrics,
};
use shared::metrics::{Metrics, Request};

use crate::{
    error::IngestError,
    log::{Facts, Loggable},
    newest::Outcome,
};

#[metrics(rename_all = "PascalCase")]
struct RequestMetrics {
    #[metrics(flatten)]
    request: Request,
    #[metrics(unit = Count)]
    accepted: u64,
    #[metrics(unit = Count)]
    rejected: u64,
    /// Where there was something to store.
    #[metrics(unit = Millisecond)]
    queue_time: Option<Duration>,
    /// Where Valkey was asked.
    #[metrics(unit = Millisecond)]
    valkey_time: Option<Duration>,
    #[metrics(unit = Count)]
    valkey_missed: Option<u64>,
}

/// Traces of a request that cannot be stored, by the field that is wrong.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Reason"]])]
struct RejectedMetrics {
    reason: Cow<'static, str>,
    #[metrics(unit = Count)]
    rejected: u64,
}

/// Writes them; health checks have none.
pub(crate) fn record(
    metrics: &Metrics,
    facts: &Facts,
    result: Result<&Response<Body>, &IngestError>,
    answer_time: Duration,
) {
    if facts.is_health_check {
        return;
    }
    let refused = result
        .err()
        .filter(|error| error.status().is_client_error())
        .map(IngestError::tag);
    for (reason, rejected) in by_field(&facts.rejected) {
        metrics.record(RejectedMetrics { reason, rejected });
    }
    metrics.record(RequestMetrics {
        request: metrics.request(facts.bytes, answer_time, refused),
        accepted: facts.accepted as u64,
        rejected: facts.rejected.len() as u64,
        queue_time: facts.queue,
        valkey_time: facts.valkey,
        valkey_missed: facts.newest.and_then(missed),
    });
}

fn by_field(rejected: &[Loggable]) -> BTreeMap<Cow<'static, str>, u64> {
    let mut counts = BTreeMap::new();
    for (field, _) in rejected {
        *counts.entry(field.clone()).or_default() += 1;
    }
    counts
}

fn missed(outcome: Outcome) -> Option<u64> {
    match outcome {
        Outcome::Off => None,
        Outcome::Written => Some(0),
        Outcome::Late | Outcome::Failed | Outcome::Paused => Some(1),
    }
}
