use std::time::Duration;

use serde::{Deserialize, de::IgnoredAny};

use crate::value::UpTo;

/// Longest search that may be asked for, in milliseconds.
pub const MAX_BUDGET_MS: u64 = 25_000;
/// How long it is when the request does not say.
const BUDGET: Duration = Duration::from_millis(2_000);
/// Largest weight.
const MAX_WEIGHT: u64 = run_sheet::MAX_WEIGHT as u64;

/// What VROOM does not know; and the five letters that vroom-express, which is how
/// VROOM is reached over HTTP, takes at the same place.
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
    /// Longest search in seconds, where `budget_ms` is absent.
    pub l: Option<f64>,
    /// Times for a given order of stops; not honoured.
    pub c: Option<bool>,
    /// Geometry, which only a routing engine has.
    pub g: Option<IgnoredAny>,
    /// Threads of VROOM's search.
    pub t: Option<IgnoredAny>,
    /// Depth of VROOM's search.
    pub x: Option<IgnoredAny>,
}

impl Options {
    /// How long the search may take.
    pub fn budget(&self) -> Duration {
        let most = Duration::from_millis(MAX_BUDGET_MS);
        let asked = self.budget_ms.map(|budget| Duration::from_millis(budget.0));
        let limit = || Duration::try_from_secs_f64(self.l?).ok();
        asked.or_else(limit).unwrap_or(BUDGET).min(most)
    }
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
