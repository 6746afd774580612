//! A bound that knows time: what finishing costs at least if every state on the way
//! were reached as early as it can be.
//!
//! The rider can be in a state no earlier than the earliest way there allows, which
//! a forward pass finds; times only grow with times, so that is one number. A
//! backward pass then adds up travel and lateness as if each state were reached at
//! its earliest time. Lanes as in [`subsets`](super::subsets); in floats, which
//! hold whole numbers up to 2^53 and whose products and least values are one
//! instruction.

use pulp::{Arch, NullaryFnOnce};

use super::subsets::Subsets;
use crate::{
    arcs::{Arcs, NONE},
    clockwork::{Clockwork, Moment},
    instance::{StopId, delivery, order_of, pickup},
};

const LANES: usize = 4;
type Chunk = [f64; LANES];

/// Later than anything. Far enough below 2^53 that differences are exact.
const NEVER: f64 = 1e15;
/// Dearer than anything, also after more has been added.
const DEAREST: f64 = 1e300;
/// Above it sums are rounded: what a bound is made smaller by is far more than that.
const EXACT: f64 = (1_u64 << 52) as f64;
const ROUNDING: f64 = 1.0 - 1e-12;

/// Per state and last order: the earliest time, and the least cost to finish.
#[derive(Debug)]
pub(crate) struct Earliest {
    chunks: usize,
    times: Vec<Chunk>,
    costs: Vec<Chunk>,
}

impl Earliest {
    pub fn new(clockwork: &Clockwork, arcs: &Arcs, subsets: &Subsets) -> Self {
        let chunks = arcs.orders().div_ceil(LANES).max(1);
        let mut earliest = Self {
            chunks,
            times: vec![[NEVER; LANES]; subsets.states() * chunks],
            costs: vec![[DEAREST; LANES]; subsets.states() * chunks],
        };
        let columns = (0..arcs.stops)
            .map(|to| Column::new(clockwork, arcs, to))
            .collect();
        Arch::new().dispatch(Fill {
            earliest: &mut earliest,
            clockwork,
            arcs,
            subsets,
            columns,
        });
        earliest
    }

    /// Bytes for so many states and orders.
    pub fn bytes(states: usize, orders: usize) -> usize {
        2 * states * orders.div_ceil(LANES).max(1) * size_of::<Chunk>()
    }

    /// What is still to be paid after a stop that led to a state, at least.
    pub fn to_go(&self, state: usize, last: StopId) -> i64 {
        let order = order_of(last);
        let cost = self.costs[state * self.chunks + order / LANES][order % LANES];
        if cost < EXACT {
            cost as i64
        } else {
            (cost * ROUNDING) as i64
        }
    }
}

/// Arcs to a stop, and what the stop takes.
struct Column {
    /// From each order's pickup.
    arcs: Vec<Chunk>,
    /// What the arc from its delivery is longer.
    more: Vec<Chunk>,
    ready: f64,
    due: f64,
    late: f64,
    service: f64,
}

impl Column {
    fn new(clockwork: &Clockwork, arcs: &Arcs, to: StopId) -> Self {
        let seconds = |from: StopId| match arcs.get(from, to) {
            NONE.. => NEVER,
            seconds => f64::from(seconds),
        };
        let lane = |order: usize| order < arcs.orders();
        let up = |order| {
            if lane(order) {
                seconds(pickup(order))
            } else {
                NEVER
            }
        };
        let more = |order| {
            if lane(order) {
                seconds(delivery(order)) - up(order)
            } else {
                0.0
            }
        };
        let (due, late) = clockwork
            .due(to)
            .map_or((NEVER, 0.0), |(due, late)| (due as f64, late as f64));
        let visited = clockwork.instance.is_visited(to);
        let chunks = arcs.orders().div_ceil(LANES).max(1);
        let chunked = |value: &dyn Fn(usize) -> f64| {
            (0..chunks)
                .map(|chunk| std::array::from_fn(|lane| value(chunk * LANES + lane)))
                .collect()
        };
        Self {
            arcs: chunked(&up),
            more: chunked(&more),
            ready: if visited {
                clockwork.begin(to, i64::MIN / 4).max(-(1 << 41)) as f64
            } else {
                0.0
            },
            due,
            late,
            service: clockwork.service(to) as f64,
        }
    }
}

struct Fill<'a> {
    earliest: &'a mut Earliest,
    clockwork: &'a Clockwork<'a>,
    arcs: &'a Arcs,
    subsets: &'a Subsets,
    columns: Vec<Column>,
}

impl NullaryFnOnce for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn call(mut self) {
        match self.earliest.chunks {
            1 => self.run::<1>(),
            2 => self.run::<2>(),
            3 => self.run::<3>(),
            _ => self.run::<4>(),
        }
    }
}

impl Fill<'_> {
    #[inline(always)]
    fn run<const CHUNKS: usize>(&mut self) {
        let (first, last) = (self.subsets.first(), self.subsets.states() - 1);
        let mut next = Vec::with_capacity(self.arcs.orders());
        for state in first..last {
            self.next(state, &mut next);
            self.forward::<CHUNKS>(state, &next);
        }
        self.finish(last);
        for state in (first..last).rev() {
            self.next(state, &mut next);
            self.backward::<CHUNKS>(state, &next);
        }
    }

    #[inline(always)]
    fn next(&self, state: usize, into: &mut Vec<StopId>) {
        into.clear();
        into.extend(self.subsets.open(state));
    }

    #[inline(always)]
    fn forward<const CHUNKS: usize>(&mut self, state: usize, next: &[StopId]) {
        let delivered = self.subsets.delivered::<CHUNKS>(state);
        let row = state * CHUNKS;
        let times: [Chunk; CHUNKS] = std::array::from_fn(|chunk| self.earliest.times[row + chunk]);
        for &to in next {
            let column = &self.columns[to];
            let arrival = if state == self.subsets.first() {
                (self.clockwork.start().time + self.clockwork.instance.travel(None, to)) as f64
            } else {
                let mut least = [NEVER; LANES];
                for chunk in 0..CHUNKS {
                    for lane in 0..LANES {
                        let arc =
                            column.arcs[chunk][lane] + delivered[chunk][lane] * column.more[chunk][lane];
                        least[lane] = least[lane].min(times[chunk][lane] + arc);
                    }
                }
                least[0].min(least[1]).min(least[2].min(least[3]))
            };
            let order = order_of(to);
            let after = self.subsets.after(state, to) * CHUNKS + order / LANES;
            self.earliest.times[after][order % LANES] =
                (arrival.max(column.ready) + column.service).min(NEVER);
        }
    }

    #[inline(always)]
    fn backward<const CHUNKS: usize>(&mut self, state: usize, next: &[StopId]) {
        let delivered = self.subsets.delivered::<CHUNKS>(state);
        let travel = self.clockwork.plain(1, 0) as f64;
        let row = state * CHUNKS;
        let times: [Chunk; CHUNKS] = std::array::from_fn(|chunk| self.earliest.times[row + chunk]);
        let mut costs = [[DEAREST; LANES]; CHUNKS];
        for &to in next {
            let column = &self.columns[to];
            let order = order_of(to);
            let after = self.subsets.after(state, to) * CHUNKS + order / LANES;
            let to_go = self.earliest.costs[after][order % LANES];
            for chunk in 0..CHUNKS {
                for lane in 0..LANES {
                    let arc = column.arcs[chunk][lane] + delivered[chunk][lane] * column.more[chunk][lane];
                    let begin = (times[chunk][lane] + arc).max(column.ready);
                    let late = (begin - column.due).max(0.0);
                    let cost = travel * arc + column.late * late + to_go;
                    costs[chunk][lane] = costs[chunk][lane].min(cost);
                }
            }
        }
        self.earliest.costs[row..row + CHUNKS].copy_from_slice(&costs);
    }

    /// The way to the end of the route.
    fn finish(&mut self, state: usize) {
        for order in 0..self.arcs.orders() {
            let at = state * self.earliest.chunks + order / LANES;
            let time = self.earliest.times[at][order % LANES];
            if time < NEVER {
                let moment = Moment {
                    time: time as i64,
                    cost: 0,
                };
                let cost = self.clockwork.finish(Some(delivery(order)), moment);
                self.earliest.costs[at][order % LANES] = cost as f64;
            }
        }
    }
}
