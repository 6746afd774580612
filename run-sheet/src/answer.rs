//! What was found, and how good it is known to be.

use std::time::Duration;

use crate::Schedule;

/// The best run sheet that was found.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The route.
    pub schedule: Schedule,
    /// Its objective.
    pub cost: i64,
    /// How good it is known to be.
    pub proof: Proof,
    /// Why the search ended.
    pub stop: StopReason,
    /// How long it took.
    pub elapsed: Duration,
    /// How the cost fell: first entry the first route, last the one returned.
    pub improvements: Vec<Improvement>,
}

/// How good an answer is known to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// No route costs less than this.
    pub lower_bound: i64,
    /// The lower bound is the answer's cost: there is no better route.
    pub optimal: bool,
}

impl Proof {
    /// By how much the cost may be above the optimum, as a part of the cost: 0
    /// when proven optimal, 1 when nothing is known.
    pub fn gap(&self, cost: i64) -> f64 {
        if cost <= self.lower_bound {
            return 0.0;
        }
        (cost - self.lower_bound) as f64 / cost as f64
    }
}

/// Why the search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The answer is proven best.
    Optimal,
    /// The work that was worth doing is done.
    WorkDone,
    /// The time was over.
    OutOfTime,
}

/// A better route was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Improvement {
    /// Since the search began.
    pub elapsed: Duration,
    /// Its objective.
    pub cost: i64,
}
