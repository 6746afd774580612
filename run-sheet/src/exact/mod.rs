//! Routes that are proven best.

pub(crate) mod bound;
mod column;
pub(crate) mod distances;
pub(crate) mod earliest;
pub(crate) mod labels;
pub(crate) mod layers;
pub(crate) mod proof;
pub(crate) mod relaxed;
pub(crate) mod subsets;

#[cfg(test)]
mod tests;
