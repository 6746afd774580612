//! Backward: what finishing costs from there at least.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::{DEAREST, DELAYS, EXACT, Earliest, Ground, NEVER, ROUNDING, forward::Reached};
use crate::{
    clockwork::{Moment, Timing},
    instance::{StopId, delivery},
};

/// How many rows the table grows by at a time.
const MORE_ROWS: usize = 4_096;

/// Makes the table of what is worth it.
pub(super) struct Backward<'a> {
    ground: &'a Ground<'a>,
    reached: Reached,
    /// Routes are wanted that cost less.
    below: f64,
    earliest: Earliest,
}

/// A next stop, as seen from one state.
#[derive(Clone, Copy)]
struct Next {
    to: StopId,
    /// By delay: from which begin of service on it counts, and the cost from there.
    from: [f64; DELAYS],
    to_go: [f64; DELAYS],
}

impl<'a> Backward<'a> {
    pub fn new(ground: &'a Ground<'a>, reached: Reached, delays: [f64; DELAYS], below: i64) -> Self {
        let below = below as f64;
        Self {
            ground,
            // Rounded sums have to be above it by more than they are rounded.
            below: if below < EXACT { below } else { below / ROUNDING },
            earliest: Earliest {
                width: reached.width,
                delays,
                rows: vec![0; ground.subsets.states()],
                times: Vec::new(),
                costs: std::array::from_fn(|_| Vec::new()),
            },
            reached,
        }
    }
}

impl WithSimd for Backward<'_> {
    type Output = Earliest;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) -> Earliest {
        let subsets = self.ground.subsets;
        let (first, last) = (subsets.first(), subsets.states() - 1);
        self.finish(last);
        let mut delivered = vec![0.0; self.reached.width];
        let mut next = Vec::with_capacity(self.ground.columns.len());
        for state in (first + 1..last).rev() {
            self.look_ahead(state, &mut next);
            if next.is_empty() {
                continue;
            }
            subsets.delivered(state, &mut delivered);
            if self.is_worth(simd, state, &delivered, &next) {
                self.keep(simd, state, &delivered, &next);
            }
        }
        self.earliest
    }
}

impl Backward<'_> {
    /// Takes the lanes out that cost too much even at their earliest time; whether any
    /// is left.
    #[inline(always)]
    fn is_worth<S: Simd>(&mut self, simd: S, state: usize, delivered: &[f64], next: &[Next]) -> bool {
        let row = self.reached.row(state);
        let paid = S::as_simd_f64s(&self.reached.paid[row.clone()]).0;
        let delivered = S::as_simd_f64s(delivered).0;
        let below = simd.splat_f64s(self.below);
        let mut soonest = simd.splat_f64s(NEVER);
        for lanes in 0..paid.len() {
            let time = S::as_simd_f64s(&self.reached.times[row.clone()]).0[lanes];
            let [least] = self.costs(simd, [0.0], lanes, time, delivered[lanes], next);
            let worth = simd.less_than_f64s(simd.add_f64s(paid[lanes], least), below);
            let time = simd.select_f64s(worth, time, simd.splat_f64s(NEVER));
            S::as_mut_simd_f64s(&mut self.reached.times[row.clone()]).0[lanes] = time;
            soonest = simd.min_f64s(soonest, time);
        }
        simd.reduce_min_f64s(soonest) < NEVER
    }

    #[inline(always)]
    fn keep<S: Simd>(&mut self, simd: S, state: usize, delivered: &[f64], next: &[Next]) {
        let row = self.push(state);
        let delivered = S::as_simd_f64s(delivered).0;
        for (lanes, &delivered) in delivered.iter().enumerate() {
            let time = S::as_simd_f64s(&self.earliest.times[row.clone()]).0[lanes];
            let delays = self.earliest.delays;
            let costs = self.costs(simd, delays, lanes, time, delivered, next);
            for (table, costs) in self.earliest.costs.iter_mut().zip(costs) {
                S::as_mut_simd_f64s(&mut table[row.clone()]).0[lanes] = costs;
            }
        }
    }

    /// Of a few lanes, by delay.
    #[inline(always)]
    fn costs<S: Simd, const N: usize>(
        &self,
        simd: S,
        delays: [f64; N],
        lanes: usize,
        time: S::f64s,
        delivered: S::f64s,
        next: &[Next],
    ) -> [S::f64s; N] {
        let (zero, travel) = (simd.splat_f64s(0.0), simd.splat_f64s(self.ground.travel));
        let mut costs = [simd.splat_f64s(DEAREST); N];
        for next in next {
            let column = &self.ground.columns[next.to];
            let (arcs, more) = (S::as_simd_f64s(&column.arcs).0, S::as_simd_f64s(&column.more).0);
            let arc = simd.mul_add_f64s(delivered, more[lanes], arcs[lanes]);
            let arrival = simd.add_f64s(time, arc);
            let Timing { ready, due, late, .. } = column.timing;
            let (ready, due) = (simd.splat_f64s(ready), simd.splat_f64s(due));
            let late = simd.splat_f64s(late);
            for (delay, costs) in delays.into_iter().zip(&mut costs) {
                let delayed = simd.add_f64s(arrival, simd.splat_f64s(delay));
                let begin = simd.max_f64s(delayed, ready);
                let mut ahead = simd.splat_f64s(next.to_go[0]);
                for later in 1..DELAYS {
                    let passed = simd.greater_than_or_equal_f64s(begin, simd.splat_f64s(next.from[later]));
                    ahead = simd.select_f64s(passed, simd.splat_f64s(next.to_go[later]), ahead);
                }
                let lateness = simd.max_f64s(simd.sub_f64s(begin, due), zero);
                let cost = simd.mul_add_f64s(travel, arc, simd.mul_add_f64s(late, lateness, ahead));
                *costs = simd.min_f64s(*costs, cost);
            }
        }
        costs
    }

    #[inline(always)]
    fn look_ahead(&self, state: usize, next: &mut Vec<Next>) {
        next.clear();
        let Ground { subsets, columns, .. } = self.ground;
        for to in subsets.open(state) {
            let Some(after) = self.earliest.at(subsets.after(state, to), to) else {
                continue;
            };
            let begin = self.earliest.times[after] - columns[to].timing.service;
            next.push(Next {
                to,
                from: self.earliest.delays.map(|delay| begin + delay),
                to_go: std::array::from_fn(|delay| self.earliest.costs[delay][after]),
            });
        }
    }

    /// The way to the end of the route.
    fn finish(&mut self, state: usize) {
        for (order, at) in self.push(state).enumerate() {
            let time = self.earliest.times[at];
            if time >= NEVER {
                continue;
            }
            for (costs, delay) in self.earliest.costs.iter_mut().zip(self.earliest.delays) {
                let moment = Moment {
                    time: (time + delay) as i64,
                    cost: 0,
                };
                costs[at] = self.ground.clockwork.finish(Some(delivery(order)), moment) as f64;
            }
        }
    }

    /// Gives a state a row in the table, with its times.
    fn push(&mut self, state: usize) -> Range<usize> {
        let Earliest {
            width,
            rows,
            times,
            costs,
            ..
        } = &mut self.earliest;
        let row = times.len()..times.len() + *width;
        for table in costs.iter_mut().chain([&mut *times]) {
            if table.len() == table.capacity() {
                // Doubled, it could be twice of what was asked for.
                table.reserve_exact(MORE_ROWS * *width);
            }
        }
        times.extend_from_slice(&self.reached.times[self.reached.row(state)]);
        for costs in costs {
            costs.resize(row.end, DEAREST);
        }
        rows[state] = (row.end / *width) as u32;
        row
    }
}
