//! Routes that are proven best.

pub(crate) mod bound;
pub(crate) mod distances;
pub(crate) mod earliest;
pub(crate) mod labels;
pub(crate) mod layers;
pub(crate) mod proof;
pub(crate) mod relaxed;
pub(crate) mod subsets;

use crate::instance::StopId;

/// How a search for a better route than the best known one ended.
pub(crate) enum Outcome {
    /// The best route there is.
    Found(Vec<StopId>),
    /// There is none.
    None,
    /// It was given up: too much work, memory or time.
    GivenUp,
}

/// How far an order is in a state's code, which has two bits for each: 0 waiting, 1
/// on board, 2 delivered.
fn digit(code: impl Into<u64>, order: usize) -> usize {
    (code.into() >> (2 * order)) as usize & 3
}

#[cfg(test)]
mod tests;
