//! Good routes fast: take orders out, put them back where they cost least, keep
//! what is not much worse.
//!
//! Ruin and recreate (Schrimpf et al. 2000) with the pair of an order's stops as
//! the unit: relocating pairs, or-opt of pairs and 2k-opt are all among its moves.
//! A round accepts as simulated annealing does, its heat measured by how much worse
//! tries usually are, so that it works for any weights.

mod by_delay;
mod by_length;
mod by_time;
mod by_walking;
mod delays;
pub(crate) mod first;
mod place;
mod room;
mod round;
mod ruin;
#[cfg(test)]
mod tests;

pub(crate) use by_length::ByLength;
pub(crate) use by_time::ByTime;
pub(crate) use place::{Objective, Place};
pub(crate) use round::Search;
