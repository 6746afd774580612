//! A bound that knows time: what finishing costs at least, by how late it is.
//!
//! The rider can be in a state no earlier than the earliest way there allows, which
//! a forward pass finds; times only grow with times, so that is one number. A
//! backward pass adds up travel and lateness as if every state were reached at its
//! earliest time or, where it is known to be later, at the last of a few delays that
//! has passed. With ever more delays the bound would become the cost itself (a
//! time-expanded program, its times rounded down); two are enough to rule out nearly
//! everything.
//!
//! Lanes as in [`subsets`](super::subsets), in floats: they hold whole numbers up to
//! 2^53, and their products and least values are one instruction.

use pulp::{Arch, Simd, WithSimd};

use super::{column::Column, subsets::Subsets};
use crate::{
    arcs::{Arcs, NONE},
    clockwork::{Clockwork, Moment},
    instance::{StopId, delivery, order_of},
};

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

/// Per state and last order: the earliest time, and by delay the least cost to
/// finish.
#[derive(Debug)]
pub(crate) struct Earliest {
    width: usize,
    delays: [f64; DELAYS],
    times: Vec<f64>,
    costs: [Vec<f64>; DELAYS],
}

/// From a time on, finishing costs at least so much.
pub(crate) type ToGo = [(i64, i64); DELAYS];

impl Earliest {
    pub fn new(clockwork: &Clockwork, arcs: &Arcs, subsets: &Subsets) -> Self {
        let width = width(arcs.orders());
        let mut earliest = Self {
            width,
            delays: PARTS.map(|part| (part * usual(arcs)).round()),
            times: vec![NEVER; subsets.states() * width],
            costs: std::array::from_fn(|_| vec![DEAREST; subsets.states() * width]),
        };
        let columns = (0..arcs.stops)
            .map(|to| Column::new(clockwork, arcs, to, width))
            .collect();
        Arch::new().dispatch(Fill {
            travel: clockwork.plain(1, 0) as f64,
            earliest: &mut earliest,
            clockwork,
            subsets,
            columns,
        });
        earliest
    }

    /// Bytes for so many orders.
    pub fn bytes(orders: usize) -> usize {
        (1 + DELAYS) * 3_usize.pow(orders as u32) * width(orders) * size_of::<f64>()
    }

    /// Units of work for so many orders.
    pub fn work(orders: usize) -> u64 {
        3_u64.pow(orders as u32) * orders as u64 * 12
    }

    /// What is still to be paid after a stop that led to a state.
    pub fn to_go(&self, state: usize, last: StopId) -> ToGo {
        let at = state * self.width + order_of(last);
        std::array::from_fn(|delay| {
            let cost = self.costs[delay][at];
            let cost = if cost < EXACT { cost } else { cost * ROUNDING };
            ((self.times[at] + self.delays[delay]) as i64, cost as i64)
        })
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

struct Fill<'a> {
    earliest: &'a mut Earliest,
    clockwork: &'a Clockwork<'a>,
    subsets: &'a Subsets,
    columns: Vec<Column>,
    /// What a second of travel costs.
    travel: f64,
}

/// A next stop, as seen from one state.
#[derive(Clone, Copy)]
struct Next {
    to: StopId,
    /// By delay: from which begin of service on it counts, and the cost from there.
    from: [f64; DELAYS],
    to_go: [f64; DELAYS],
}

impl WithSimd for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (first, last) = (self.subsets.first(), self.subsets.states() - 1);
        let mut delivered = vec![0.0; self.earliest.width];
        for state in first..last {
            self.subsets.delivered(state, &mut delivered);
            self.forward(simd, state, &delivered);
        }
        self.finish(last);
        let mut next = Vec::with_capacity(self.columns.len());
        for state in (first..last).rev() {
            self.subsets.delivered(state, &mut delivered);
            self.backward(simd, state, &delivered, &mut next);
        }
    }
}

impl Fill<'_> {
    #[inline(always)]
    fn forward<S: Simd>(&mut self, simd: S, state: usize, delivered: &[f64]) {
        let row = state * self.earliest.width;
        for to in self.subsets.open(state) {
            let column = &self.columns[to];
            let arrival = if state == self.subsets.first() {
                (self.clockwork.start().time + self.clockwork.instance.travel(None, to)) as f64
            } else {
                let times = &self.earliest.times[row..row + self.earliest.width];
                let lanes = S::as_simd_f64s(times).0.iter().zip(S::as_simd_f64s(delivered).0);
                let arcs = S::as_simd_f64s(&column.arcs)
                    .0
                    .iter()
                    .zip(S::as_simd_f64s(&column.more).0);
                let mut least = simd.splat_f64s(NEVER);
                for ((&time, &delivered), (&arc, &more)) in lanes.zip(arcs) {
                    let arc = simd.mul_add_f64s(delivered, more, arc);
                    least = simd.min_f64s(least, simd.add_f64s(time, arc));
                }
                simd.reduce_min_f64s(least)
            };
            let leave = arrival.max(column.ready) + column.service;
            let after = self.subsets.after(state, to) * self.earliest.width + order_of(to);
            self.earliest.times[after] = leave.min(NEVER);
        }
    }

    #[inline(always)]
    fn backward<S: Simd>(&mut self, simd: S, state: usize, delivered: &[f64], next: &mut Vec<Next>) {
        self.look_ahead(state, next);
        let width = self.earliest.width;
        let row = state * width..(state + 1) * width;
        let times = S::as_simd_f64s(&self.earliest.times[row.clone()]).0;
        let delivered = S::as_simd_f64s(delivered).0;
        let (zero, travel) = (simd.splat_f64s(0.0), simd.splat_f64s(self.travel));
        for lanes in 0..times.len() {
            let mut costs = [simd.splat_f64s(DEAREST); DELAYS];
            for next in &*next {
                let column = &self.columns[next.to];
                let (arcs, more) = (S::as_simd_f64s(&column.arcs).0, S::as_simd_f64s(&column.more).0);
                let arc = simd.mul_add_f64s(delivered[lanes], more[lanes], arcs[lanes]);
                let arrival = simd.add_f64s(times[lanes], arc);
                let (ready, due) = (simd.splat_f64s(column.ready), simd.splat_f64s(column.due));
                let late = simd.splat_f64s(column.late);
                for (delay, costs) in costs.iter_mut().enumerate() {
                    let delayed = simd.add_f64s(arrival, simd.splat_f64s(self.earliest.delays[delay]));
                    let begin = simd.max_f64s(delayed, ready);
                    let mut ahead = simd.splat_f64s(next.to_go[0]);
                    for later in 1..DELAYS {
                        let passed =
                            simd.greater_than_or_equal_f64s(begin, simd.splat_f64s(next.from[later]));
                        ahead = simd.select_f64s(passed, simd.splat_f64s(next.to_go[later]), ahead);
                    }
                    let lateness = simd.max_f64s(simd.sub_f64s(begin, due), zero);
                    let cost = simd.mul_add_f64s(travel, arc, simd.mul_add_f64s(late, lateness, ahead));
                    *costs = simd.min_f64s(*costs, cost);
                }
            }
            for (delay, costs) in costs.into_iter().enumerate() {
                S::as_mut_simd_f64s(&mut self.earliest.costs[delay][row.clone()]).0[lanes] = costs;
            }
        }
    }

    #[inline(always)]
    fn look_ahead(&self, state: usize, next: &mut Vec<Next>) {
        next.clear();
        for to in self.subsets.open(state) {
            let after = self.subsets.after(state, to) * self.earliest.width + order_of(to);
            let begin = self.earliest.times[after] - self.columns[to].service;
            next.push(Next {
                to,
                from: self.earliest.delays.map(|delay| begin + delay),
                to_go: std::array::from_fn(|delay| self.earliest.costs[delay][after]),
            });
        }
    }

    /// The way to the end of the route.
    fn finish(&mut self, state: usize) {
        for order in 0..self.columns.len() / 2 {
            let at = state * self.earliest.width + order;
            let time = self.earliest.times[at];
            if time >= NEVER {
                continue;
            }
            for (costs, delay) in self.earliest.costs.iter_mut().zip(self.earliest.delays) {
                let moment = Moment {
                    time: (time + delay) as i64,
                    cost: 0,
                };
                costs[at] = self.clockwork.finish(Some(delivery(order)), moment) as f64;
            }
        }
    }
}
