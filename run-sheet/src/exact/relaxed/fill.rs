//! Fills a table of relaxed ways; most of a proof's time is spent here.

use pulp::NullaryFnOnce;

use super::{
    prices::FixedPrices,
    scale::{NO_STOP, NO_WAY, pack, repack, stop},
    table::{Chunk, LANES, State, Table, power},
};
use crate::instance::StopId;

/// Most chunks of a row: every stop has a name.
const CHUNKS: usize = (NO_STOP + 1) / LANES;

/// Which stop a lane is.
static NAMES: [Chunk; CHUNKS] = {
    let mut names = [[0; LANES]; CHUNKS];
    let mut stop = 0;
    while stop < CHUNKS * LANES {
        names[stop / LANES][stop % LANES] = stop as i32;
        stop += 1;
    }
    names
};

/// A next stop, the way to finish through it, and the stop after it.
struct Candidate {
    to: StopId,
    ahead: i32,
    after: i32,
    /// What more it takes not to make that stop next.
    detour: i32,
}

/// Works out a table's rows, from the end of the route.
pub(super) struct Fill<'a, 'b> {
    pub table: &'a mut Table<'b>,
    pub prices: &'a FixedPrices,
}

impl NullaryFnOnce for Fill<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.table.chunks {
            0 | 1 => self.run::<1>(),
            2 => self.run::<2>(),
            3 => self.run::<3>(),
            _ => self.run::<CHUNKS>(),
        }
    }
}

impl Fill<'_, '_> {
    #[inline(always)]
    fn run<const CHUNKS: usize>(self) {
        let Self { table, prices } = self;
        let mut candidates = Vec::with_capacity(table.arcs.stops);
        let states = 3_usize.pow(table.tracked.len() as u32);
        let first: Vec<usize> = table
            .tracked
            .iter()
            .map(|&order| usize::from(table.arcs.on_board[order]))
            .collect();
        table.finish(states - 1);
        for tracked in (0..states).rev() {
            let digits = || (0..first.len()).map(|place| tracked / power(place) % 3);
            if digits().zip(&first).any(|(digit, &first)| digit < first) {
                continue;
            }
            let made: usize = digits().zip(&first).map(|(digit, &first)| digit - first).sum();
            let last_row = if tracked == states - 1 {
                table.others
            } else {
                table.others + 1
            };
            for others in (0..last_row).rev() {
                let state = State { tracked, others };
                table.candidates(state, prices.at(made + others + 1), &mut candidates);
                let columns = table.columns.as_chunks::<CHUNKS>().0;
                let (best, second) = shortest_ways(columns, &candidates);
                let row = table.row(state);
                table.best[row..row + CHUNKS].copy_from_slice(&best);
                table.second[row..row + CHUNKS].copy_from_slice(&second);
            }
        }
    }
}

impl Table<'_> {
    /// The row after all stops: the way to the end.
    fn finish(&mut self, tracked: usize) {
        let row = self.row(State {
            tracked,
            others: self.others,
        });
        for (stop, &end) in self.arcs.end.iter().enumerate() {
            let way = if end >= crate::arcs::NONE {
                NO_WAY
            } else {
                pack(self.scale.up(end), NO_STOP)
            };
            self.best[row + stop / LANES][stop % LANES] = way;
            self.second[row + stop / LANES][stop % LANES] = way;
        }
    }

    #[inline(always)]
    fn candidates(&self, state: State, prices: &[i32], into: &mut Vec<Candidate>) {
        into.clear();
        if state.others < self.others {
            let row = self.row(State {
                others: state.others + 1,
                ..state
            });
            for &to in &self.free {
                self.candidate(row, to, prices[to], into);
            }
        }
        for (place, order) in self.tracked.iter().enumerate() {
            let digit = state.tracked / power(place) % 3;
            if digit < 2 {
                let row = self.row(State {
                    tracked: state.tracked + power(place),
                    ..state
                });
                self.candidate(row, 2 * order + digit, 0, into);
            }
        }
    }

    #[inline(always)]
    fn candidate(&self, row: usize, to: StopId, price: i32, into: &mut Vec<Candidate>) {
        let best = self.best[row + to / LANES][to % LANES];
        if best < NO_WAY {
            let second = self.second[row + to / LANES][to % LANES];
            let ahead = repack(best, price, to);
            into.push(Candidate {
                to,
                ahead,
                after: stop(best),
                detour: repack(second, price, to) - ahead,
            });
        }
    }
}

/// The kernel: nearly all the time goes in here.
#[inline(always)]
fn shortest_ways<const CHUNKS: usize>(
    columns: &[[Chunk; CHUNKS]],
    candidates: &[Candidate],
) -> ([Chunk; CHUNKS], [Chunk; CHUNKS]) {
    let mut best = [[NO_WAY; LANES]; CHUNKS];
    let mut second = [[NO_WAY; LANES]; CHUNKS];
    for candidate in candidates {
        let column = &columns[candidate.to];
        for chunk in 0..CHUNKS {
            for lane in 0..LANES {
                // A mask: of a choice between two values the compiler makes loads.
                let back = -i32::from(NAMES[chunk][lane] == candidate.after) & candidate.detour;
                let way = column[chunk][lane] + candidate.ahead + back;
                second[chunk][lane] = second[chunk][lane].min(way.max(best[chunk][lane]));
                best[chunk][lane] = best[chunk][lane].min(way);
            }
        }
    }
    (best, second)
}
