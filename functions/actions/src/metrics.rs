//! What a request is in figures: one line a request, and one for the reason where it
//! was refused. Their meaning is in `docs/METRICS.md`.

use std::time::Duration;

use metrique::{
    unit::{Byte, Count, Millisecond, Percent},
    unit_of_work::metrics,
};
use shared::metrics::{Metrics, Work};

use crate::{error::ActionError, log::Facts};

#[metrics(rename_all = "PascalCase")]
struct RequestMetrics {
    #[metrics(unit = Count)]
    requests: u64,
    #[metrics(unit = Count)]
    refused: u64,
    #[metrics(unit = Byte)]
    request_bytes: u64,
    #[metrics(unit = Millisecond)]
    answer_time: Duration,
    #[metrics(flatten)]
    sheet: Option<SheetMetrics>,
    #[metrics(flatten)]
    work: Work,
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
    let refused = refused.filter(|error| error.status().is_client_error());
    if let Some(error) = refused {
        metrics.count_refusal(error.tag());
    }
    metrics.record(RequestMetrics {
        requests: 1,
        refused: u64::from(refused.is_some()),
        request_bytes: facts.bytes as u64,
        answer_time,
        sheet: facts.sheet(),
        work: metrics.work(),
    });
}
