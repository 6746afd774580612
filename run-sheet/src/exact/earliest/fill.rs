//! Fills the table of earliest times and of costs from there.

use pulp::{Simd, WithSimd};

use super::{DEAREST, DELAYS, Earliest, NEVER, column::Column};
use crate::{
    clockwork::{Clockwork, Moment},
    exact::subsets::Subsets,
    instance::{StopId, delivery, order_of},
};

/// Forward for the times, backward for the costs.
pub(super) struct Fill<'a> {
    pub earliest: &'a mut Earliest,
    pub clockwork: &'a Clockwork<'a>,
    pub subsets: &'a Subsets,
    pub columns: Vec<Column>,
    /// What a second of travel costs.
    pub travel: f64,
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
