//! The shortest relaxed way to finish from every relaxed state.

use pulp::Arch;

use super::{
    fill::Fill,
    prices::FixedPrices,
    scale::{NO_STOP, NO_WAY, Scale, length, pack, stop},
};
use crate::{
    arcs::Arcs,
    instance::{StopId, order_of},
};

/// Lanes that are added and compared at once.
pub(super) const LANES: usize = 16;
pub(super) type Chunk = [i32; LANES];

/// For each state of the tracked orders and each number of other stops made: per
/// last stop, the shortest way and the shortest one with another first stop.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    pub(super) arcs: &'a Arcs,
    pub(super) scale: Scale,
    /// Orders that are tracked.
    pub tracked: Vec<usize>,
    /// Whether an order is.
    pub is_tracked: Vec<bool>,
    /// Stops of orders that are not.
    pub others: usize,
    pub(super) free: Vec<StopId>,
    /// Chunks of a row.
    pub(super) chunks: usize,
    /// Arcs to a stop, a lane per stop before it.
    pub(super) columns: Vec<Chunk>,
    pub(super) best: Vec<Chunk>,
    pub(super) second: Vec<Chunk>,
}

impl<'a> Table<'a> {
    pub fn new(arcs: &'a Arcs, scale: Scale, tracked: &[usize]) -> Self {
        let mut is_tracked = vec![false; arcs.orders()];
        tracked.iter().for_each(|&order| is_tracked[order] = true);
        let free: Vec<StopId> = (0..arcs.stops)
            .filter(|&stop| !is_tracked[order_of(stop)] && (stop % 2 == 1 || !arcs.on_board[order_of(stop)]))
            .collect();
        let chunks = arcs.stops.div_ceil(LANES);
        let rows = 3_usize.pow(tracked.len() as u32) * (free.len() + 1);
        let column = |to| (0..chunks * LANES).map(move |from| packed_arc(arcs, scale, from, to));
        Self {
            arcs,
            scale,
            tracked: tracked.to_vec(),
            is_tracked,
            others: free.len(),
            free,
            chunks,
            columns: chunked((0..arcs.stops).flat_map(column)),
            best: vec![[NO_WAY; LANES]; rows * chunks],
            second: vec![[NO_WAY; LANES]; rows * chunks],
        }
    }

    /// Bytes of a table.
    pub fn bytes(arcs: &Arcs, tracked: usize) -> usize {
        let row = 2 * arcs.stops.div_ceil(LANES) * size_of::<Chunk>();
        3_usize.pow(tracked as u32) * (arcs.visits + 1) * row
    }

    /// Additions of chunks that filling takes, about 3 ns each.
    pub fn work(&self) -> u64 {
        (self.best.len() * (self.others + self.tracked.len())) as u64
    }

    /// Before the first stop.
    pub fn first(&self) -> State {
        let digit = |(place, &order): (usize, &usize)| usize::from(self.arcs.on_board[order]) * power(place);
        State {
            tracked: self.tracked.iter().enumerate().map(digit).sum(),
            others: 0,
        }
    }

    /// After another stop.
    pub fn after(&self, state: State, stop: StopId) -> State {
        match self.tracked.iter().position(|&order| order == order_of(stop)) {
            Some(place) => State {
                tracked: state.tracked + power(place),
                ..state
            },
            None => State {
                others: state.others + 1,
                ..state
            },
        }
    }

    /// The shortest way to finish after a stop that led to a state, in scaled
    /// lengths and with prices.
    pub fn to_go(&self, state: State, last: StopId) -> i32 {
        length(self.best[self.row(state) + last / LANES][last % LANES])
    }

    pub(super) fn row(&self, state: State) -> usize {
        (state.tracked * (self.others + 1) + state.others) * self.chunks
    }

    /// Works out all rows, from the end of the route.
    pub fn fill(&mut self, prices: &FixedPrices) {
        Arch::new().dispatch(Fill { table: self, prices });
    }

    /// A shortest relaxed route into `route`; its length is a lower bound.
    pub fn shortest(&self, prices: &FixedPrices, route: &mut Vec<StopId>) -> i64 {
        route.clear();
        let mut state = self.first();
        let mut bound = 0;
        let (mut before, mut last) = (NO_STOP, NO_STOP);
        for stage in 1..=self.arcs.visits {
            let options = self.next(state).filter(|&to| to != before);
            let priced = options.map(|to| {
                let after = self.after(state, to);
                let arc = if last == NO_STOP {
                    self.arcs.start[to]
                } else {
                    self.arcs.get(last, to)
                };
                let ahead = i64::from(self.ahead(after, to, last)) + i64::from(prices.at(stage)[to]);
                (i64::from(self.scale.up(arc)) + ahead, to, after)
            });
            let Some((length, to, after)) = priced.min_by_key(|&(length, to, _)| (length, to)) else {
                return i64::from(NO_WAY);
            };
            if stage == 1 {
                bound = length;
            }
            (before, last, state) = (last, to, after);
            route.push(to);
        }
        bound + i64::from(prices.charged)
    }

    /// Stops that can follow.
    fn next(&self, state: State) -> impl Iterator<Item = StopId> {
        let free = if state.others < self.others {
            self.free.as_slice()
        } else {
            &[]
        };
        free.iter().copied().chain(self.next_tracked(state))
    }

    fn next_tracked(&self, state: State) -> impl Iterator<Item = StopId> {
        let places = self.tracked.iter().enumerate();
        places.filter_map(move |(place, order)| match state.tracked / power(place) % 3 {
            2 => None,
            digit => Some(2 * order + digit),
        })
    }

    /// The way to finish that does not go back to the stop before the last one.
    fn ahead(&self, state: State, last: StopId, before: StopId) -> i32 {
        let at = self.row(state) + last / LANES;
        let best = self.best[at][last % LANES];
        let back = before != NO_STOP && stop(best) == before as i32;
        length(if back { self.second[at][last % LANES] } else { best })
    }
}

/// What a relaxed route knows about itself, but for its last stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    /// A ternary digit per tracked order.
    pub tracked: usize,
    /// Stops of other orders made.
    pub others: usize,
}

pub(super) fn power(place: usize) -> usize {
    3_usize.pow(place as u32)
}

fn packed_arc(arcs: &Arcs, scale: Scale, from: StopId, to: StopId) -> i32 {
    if from >= arcs.stops || arcs.get(from, to) >= crate::arcs::NONE {
        return NO_WAY;
    }
    // The stop's name is added by the candidate.
    pack(scale.up(arcs.get(from, to)), 0)
}

fn chunked(lanes: impl Iterator<Item = i32>) -> Vec<Chunk> {
    let lanes: Vec<i32> = lanes.collect();
    lanes.as_chunks::<LANES>().0.to_vec()
}
