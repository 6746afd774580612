//! What every function that answers over HTTP says of a request.

use std::time::Duration;

use metrique::{
    unit::{Byte, Count, Millisecond},
    unit_of_work::metrics,
};

use super::{Metrics, Work};

/// Flattened into the metrics of a function's requests.
#[metrics(subfield)]
pub struct Request {
    #[metrics(unit = Count)]
    requests: u64,
    #[metrics(unit = Count)]
    refused: u64,
    #[metrics(unit = Byte)]
    request_bytes: u64,
    #[metrics(unit = Millisecond)]
    answer_time: Duration,
    #[metrics(flatten)]
    work: Work,
}

/// A request that was refused as a whole, by the problem's tag.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [["Reason"]])]
struct RefusedMetrics {
    reason: &'static str,
    #[metrics(unit = Count)]
    refused: u64,
}

impl Metrics {
    /// A request with a body of so many bytes, that took so long to answer; `refused`
    /// with this tag, which is counted by itself too.
    pub fn request(&self, bytes: usize, answer_time: Duration, refused: Option<&'static str>) -> Request {
        if let Some(reason) = refused {
            self.record(RefusedMetrics { reason, refused: 1 });
        }
        Request {
            requests: 1,
            refused: u64::from(refused.is_some()),
            request_bytes: bytes as u64,
            answer_time,
            work: self.work(),
        }
    }
}
