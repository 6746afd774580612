use std::time::Duration;

use run_sheet::{Answer, StopReason, Weights};
use serde::Serialize;

/// The proof's status where no route is better.
pub(crate) const OPTIMAL: &str = "optimal";

/// How good a route is known to be.
#[derive(Debug, Serialize)]
pub struct Proof {
    /// `optimal`, or `feasible` where a better one may exist.
    pub status: &'static str,
    /// No route costs less.
    pub lower_bound: i64,
    /// By how much the cost may be above the best one's, as a part of the cost.
    pub gap: f64,
}

/// A better route was found.
#[derive(Debug, Serialize)]
pub struct Improvement {
    /// Since the search began.
    pub elapsed_ms: f64,
    /// Its objective.
    pub cost: i64,
}

/// The weights that the search used.
#[derive(Debug, Serialize)]
pub struct UsedWeights {
    /// Of a second of travel.
    pub travel: i64,
    /// Of a second of lateness.
    pub lateness: i64,
    /// Of a second that the route ends later.
    pub finish: i64,
}

impl Proof {
    pub(super) fn of(answer: &Answer) -> Self {
        Self {
            status: if answer.proof.optimal { OPTIMAL } else { "feasible" },
            lower_bound: answer.proof.lower_bound,
            gap: answer.proof.gap(answer.cost),
        }
    }
}

impl Improvement {
    pub(super) fn of(found: &run_sheet::Improvement) -> Self {
        Self {
            elapsed_ms: milliseconds(found.elapsed),
            cost: found.cost,
        }
    }
}

impl UsedWeights {
    pub(super) fn of(weights: Weights) -> Self {
        let Weights {
            travel,
            lateness,
            finish,
        } = weights;
        Self {
            travel,
            lateness,
            finish,
        }
    }
}

/// To the microsecond.
pub(super) fn milliseconds(elapsed: Duration) -> f64 {
    elapsed.as_micros() as f64 / 1_000.0
}

pub(super) fn stop_reason(stop: StopReason) -> &'static str {
    match stop {
        StopReason::Optimal => "optimal",
        StopReason::WorkDone => "work_done",
        StopReason::OutOfTime => "out_of_time",
    }
}
