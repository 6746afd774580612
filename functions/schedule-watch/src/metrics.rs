//! What a look at a slot is in figures: one line. Their meaning is in
//! `docs/METRICS.md`.

use metrique::{
    unit::{Count, Millisecond},
    unit_of_work::metrics,
};
use shared::metrics::{Metrics, Work};

use crate::{
    answer::{Answer, IncidentState, SlotAnswer},
    error::WatchError,
};

#[metrics(rename_all = "PascalCase")]
struct WatchMetrics {
    #[metrics(unit = Count)]
    wakes: u64,
    #[metrics(unit = Count)]
    failed: u64,
    #[metrics(flatten)]
    slot: Option<SlotMetrics>,
    #[metrics(flatten)]
    work: Work,
}

/// Of a slot that was watched.
#[metrics(subfield)]
struct SlotMetrics {
    #[metrics(unit = Count)]
    looks: u64,
    /// Where the database said.
    #[metrics(unit = Count)]
    overdue: Option<u64>,
    #[metrics(unit = Millisecond)]
    worst_lateness: Option<f64>,
    #[metrics(unit = Count)]
    blind: u64,
    #[metrics(unit = Count)]
    incidents: u64,
    #[metrics(unit = Count)]
    incident_open: u64,
    #[metrics(unit = Count)]
    replays: u64,
    #[metrics(unit = Count)]
    untold: u64,
}

impl From<&SlotAnswer> for SlotMetrics {
    fn from(answer: &SlotAnswer) -> Self {
        Self {
            looks: answer.looks.into(),
            overdue: answer.overdue.map(i64::unsigned_abs),
            worst_lateness: answer.worst_late_ms.map(|ms| ms as f64),
            blind: u64::from(answer.overdue.is_none()),
            incidents: u64::from(answer.incident == IncidentState::Opened),
            incident_open: u64::from(matches!(
                answer.incident,
                IncidentState::Opened | IncidentState::Open
            )),
            replays: u64::from(answer.replayed),
            untold: answer.untold as u64,
        }
    }
}

/// Writes them.
pub(crate) fn record(metrics: &Metrics, answer: &Result<Answer, WatchError>) {
    let slot = match answer {
        Ok(Answer::Slot(slot)) => Some(slot.into()),
        Ok(Answer::Audit(_)) | Err(_) => None,
    };
    metrics.record(WatchMetrics {
        wakes: 1,
        failed: u64::from(answer.is_err()),
        slot,
        work: metrics.work(),
    });
}
