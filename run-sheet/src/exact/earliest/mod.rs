//! A bound that knows time: what finishing costs at least, by how late it is.
//!
//! The rider can be in a state no earlier than the earliest way there allows, which
//! a forward pass finds; times only grow with times, so that is one number. A
//! backward pass adds up travel and lateness as if every state were reached at its
//! earliest time or, where it is known to be later, at the last of a few delays that
//! has passed. With ever more delays the bound would become the cost itself (a
//! time-expanded program, its times rounded down); two are enough to rule out nearly
//! everything. What it took to get to a state, by the same times, is added up
//! forward; where both together are no better than the best route known, the state
//! is left out at once, and nearly all are.
//!
//! Lanes as in [`subsets`](super::subsets), in floats: they hold whole numbers up to
//! 2^53, and their products and least values are one instruction.

mod backward;
mod column;
mod forward;

use pulp::Arch;

use super::subsets::Subsets;
use crate::{
    arcs::{Arcs, NONE},
    clockwork::Clockwork,
    instance::{StopId, order_of},
};
use backward::Backward;
use column::Column;
use forward::Forward;

/// Rows are a multiple of it long: no processor here adds more floats at once.
pub(crate) const STRIDE: usize = 4;
/// How many delays are told apart.
pub(crate) const DELAYS: usize = 3;
/// The delays as parts of a usual arc.
const PARTS: [f64; DELAYS] = [0.0, 0.3, 1.0];

/// Later than anything. Far enough below 2^53 that differences are exact.
pub(crate) const NEVER: f64 = 1e15;
/// Dearer than anything, also after more has been added.
const DEAREST: f64 = 1e300;
/// Above it sums are rounded, by far less than what a bound is then made smaller.
const EXACT: f64 = (1_u64 << 52) as f64;
const ROUNDING: f64 = 1.0 - 1e-12;

/// Per state that can be part of a better route, and per last order: the earliest
/// time, and by delay the least cost to finish.
#[derive(Debug)]
pub(crate) struct Earliest {
    width: usize,
    delays: [f64; DELAYS],
    /// By state: its row, counted from 1; 0 without one.
    rows: Vec<u32>,
    times: Vec<f64>,
    costs: [Vec<f64>; DELAYS],
}

/// From a time on, finishing costs at least so much.
pub(crate) type ToGo = [(i64, i64); DELAYS];

/// What both passes go over.
struct Ground<'a> {
    clockwork: &'a Clockwork<'a>,
    subsets: &'a Subsets,
    /// By next stop.
    columns: Vec<Column>,
    /// What a second of travel costs.
    travel: f64,
}

impl Earliest {
    /// For routes that cost less than `below`.
    pub fn new(clockwork: &Clockwork, arcs: &Arcs, subsets: &Subsets, below: i64) -> Self {
        let width = width(arcs.orders());
        let column = |to| Column::new(clockwork, arcs, to, width);
        let ground = Ground {
            clockwork,
            subsets,
            columns: (0..arcs.stops).map(column).collect(),
            travel: clockwork.plain(1, 0) as f64,
        };
        let arch = Arch::new();
        let reached = arch.dispatch(Forward::new(&ground, width));
        let delays = PARTS.map(|part| (part * usual(arcs)).round());
        arch.dispatch(Backward::new(&ground, reached, delays, below))
    }

    /// Bytes for so many orders, at most: times and what was paid of all states, and
    /// times and costs of those that are kept.
    pub fn bytes(orders: usize) -> usize {
        (3 + DELAYS) * 3_usize.pow(orders as u32) * width(orders) * size_of::<f64>()
    }

    /// Units of work for so many orders, at most.
    pub fn work(orders: usize) -> u64 {
        3_u64.pow(orders as u32) * orders as u64 * 12
    }

    /// What is still to be paid after a stop that led to a state; none where no route
    /// that is wanted goes on.
    pub fn to_go(&self, state: usize, last: StopId) -> Option<ToGo> {
        let at = self.at(state, last)?;
        Some(std::array::from_fn(|delay| {
            let cost = self.costs[delay][at];
            let cost = if cost < EXACT { cost } else { cost * ROUNDING };
            ((self.times[at] + self.delays[delay]) as i64, cost as i64)
        }))
    }

    /// Where the tables have a state with its last stop, if it is worth it.
    fn at(&self, state: usize, last: StopId) -> Option<usize> {
        let row = (self.rows[state] as usize).checked_sub(1)?;
        let at = row * self.width + order_of(last);
        (self.times[at] < NEVER).then_some(at)
    }
}

fn width(orders: usize) -> usize {
    orders.next_multiple_of(STRIDE).max(STRIDE)
}

/// The mean of all arcs.
fn usual(arcs: &Arcs) -> f64 {
    let all = (0..arcs.stops).flat_map(|from| (0..arcs.stops).map(move |to| arcs.get(from, to)));
    let (sum, count) = all
        .filter(|&arc| arc < NONE)
        .fold((0.0, 0.0), |(sum, count), arc| {
            (sum + f64::from(arc), count + 1.0)
        });
    if count > 0.0 { sum / count } else { 0.0 }
}
