//! Forward: when the rider can be where at the earliest, and what that took.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{DEAREST, Ground, NEVER};
use crate::instance::{StopId, order_of};

/// Per state that a rider can get to, and per last order.
pub(super) struct Reached {
    pub width: usize,
    /// The earliest time of leaving.
    pub times: Vec<f64>,
    /// Travel and lateness until then, at least.
    pub paid: Vec<f64>,
}

/// Fills it.
pub(super) struct Forward<'a> {
    ground: &'a Ground<'a>,
    reached: Reached,
}

impl<'a> Forward<'a> {
    pub fn new(ground: &'a Ground<'a>, width: usize) -> Self {
        let lanes = ground.subsets.states() * width;
        let (times, paid) = (vec![NEVER; lanes], vec![DEAREST; lanes]);
        Self {
            ground,
            reached: Reached { width, times, paid },
        }
    }
}

impl WithSimd for Forward<'_> {
    type Output = Reached;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) -> Reached {
        let Ground {
            clockwork, subsets, ..
        } = self.ground;
        let first = subsets.first();
        for to in subsets.open(first) {
            let travel = clockwork.instance.travel(None, to);
            let arrival = (clockwork.start().time + travel) as f64;
            self.reach(first, to, arrival, travel as f64 * self.ground.travel);
        }
        let mut delivered = vec![0.0; self.reached.width];
        for state in first + 1..subsets.states() {
            subsets.delivered(state, &mut delivered);
            self.extend(simd, state, &delivered);
        }
        self.reached
    }
}

impl Forward<'_> {
    #[inline(always)]
    fn extend<S: Simd>(&mut self, simd: S, state: usize, delivered: &[f64]) {
        let row = self.reached.row(state);
        let delivered = S::as_simd_f64s(delivered).0;
        let travel = simd.splat_f64s(self.ground.travel);
        for to in self.ground.subsets.open(state) {
            let times = S::as_simd_f64s(&self.reached.times[row.clone()]).0;
            let paid = S::as_simd_f64s(&self.reached.paid[row.clone()]).0;
            let column = &self.ground.columns[to];
            let (arcs, more) = (S::as_simd_f64s(&column.arcs).0, S::as_simd_f64s(&column.more).0);
            let (mut soonest, mut cheapest) = (simd.splat_f64s(NEVER), simd.splat_f64s(DEAREST));
            for lanes in 0..times.len() {
                let arc = simd.mul_add_f64s(delivered[lanes], more[lanes], arcs[lanes]);
                soonest = simd.min_f64s(soonest, simd.add_f64s(times[lanes], arc));
                cheapest = simd.min_f64s(cheapest, simd.mul_add_f64s(travel, arc, paid[lanes]));
            }
            let (soonest, cheapest) = (simd.reduce_min_f64s(soonest), simd.reduce_min_f64s(cheapest));
            if soonest < NEVER {
                self.reach(state, to, soonest, cheapest);
            }
        }
    }

    #[inline(always)]
    fn reach(&mut self, state: usize, to: StopId, arrival: f64, paid: f64) {
        let timing = &self.ground.columns[to].timing;
        let begin = timing.begin(arrival);
        let after = self.ground.subsets.after(state, to);
        let at = self.reached.row(after).start + order_of(to);
        self.reached.times[at] = (begin + timing.service).min(NEVER);
        self.reached.paid[at] = paid + timing.cost(begin);
    }
}

impl Reached {
    /// Where a state's lanes are.
    pub fn row(&self, state: usize) -> Range<usize> {
        state * self.width..(state + 1) * self.width
    }
}
