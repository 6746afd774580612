//! What a request is in figures: one line a request, and one for the reason where it
//! was refused. Their meaning is in `docs/METRICS.md`.

use std::time::Duration;

use metrique::{
    unit::{Count, Millisecond, Percent},
    unit_of_work::metrics,
};
use shared::metrics::{Metrics, Request};

use crate::{error::ActionError, log::Facts};

#[metrics(rename_all = "PascalCase")]
struct RequestMetrics {
    #[metrics(flatten)]
    request: Request,
    #[metrics(flatten)]
    sheet: Option<SheetMetrics>,
}

/// Of a run sheet that was found.
#[metrics(subfield)]
pub(crate) struct SheetMetrics {
    #[metrics(unit = Count)]
    pub orders: u64,
    #[metrics(unit = Millisecond)]
    pub search_time: Duration,
    /// For whoever searches the log.
    pub proof: &'static str,
    /// The same as a number.
    #[metrics(unit = Count)]
    pub proven: u64,
    #[metrics(unit = Percent)]
    pub gap: f64,
    #[metrics(unit = Count)]
    pub unrecorded: u64,
}

/// Writes them.
pub(crate) fn record(metrics: &Metrics, facts: &Facts, refused: Option<&ActionError>, answer_time: Duration) {
    let refused = refused
        .filter(|error| error.status().is_client_error())
        .map(ActionError::tag);
    metrics.record(RequestMetrics {
        request: metrics.request(facts.bytes, answer_time, refused),
        sheet: facts.sheet(),
    });
}
