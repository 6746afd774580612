//! What every function says of each unit of its work.

use metrique::{unit::Count, unit_of_work::metrics};

use super::clients::ClientMetrics;

/// The environment's part in a unit of work; flattened into each function's metrics.
#[metrics(subfield)]
pub struct Work {
    /// 1 for the first unit of work of an environment, which may have waited for it
    /// to be started, 0 for each later one.
    #[metrics(unit = Count)]
    pub(super) cold_start: u64,
    /// Where the function has clients of AWS.
    #[metrics(flatten)]
    pub(super) clients: Option<ClientMetrics>,
}

/// What Lambda does not see as an error: it got an answer.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [[], ["FunctionVersion"]])]
pub(super) struct FailureMetrics {
    #[metrics(unit = Count)]
    pub failures: u64,
}
