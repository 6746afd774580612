use serde::Deserialize;

use crate::value::UpTo;

/// Longest search that may be asked for, in milliseconds.
pub const MAX_BUDGET_MS: u64 = 25_000;
/// Largest weight.
const MAX_WEIGHT: u64 = run_sheet::MAX_WEIGHT as u64;

/// What VROOM does not know.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Longest search in milliseconds; 2000 by default.
    pub budget_ms: Option<UpTo<MAX_BUDGET_MS>>,
    /// Of the search's random numbers; 0 by default.
    pub seed: Option<u64>,
    /// What counts how much.
    pub weights: Option<WeightOptions>,
    /// Kilometres per hour as the crow flies, where there is no matrix; 20 by
    /// default, a rider in a city.
    pub speed_kmh: Option<f64>,
}

/// Weights of the objective; those that are absent have their defaults.
#[derive(Debug, Default, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightOptions {
    /// Of a second of travel.
    pub travel: Option<UpTo<MAX_WEIGHT>>,
    /// Of a second of lateness.
    pub lateness: Option<UpTo<MAX_WEIGHT>>,
    /// Of a second that the route ends later.
    pub finish: Option<UpTo<MAX_WEIGHT>>,
}
