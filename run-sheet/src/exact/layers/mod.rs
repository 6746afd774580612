//! Exact search: all routes stop by stop, without those that a bound rules out.
//!
//! A layer holds every set of stops of one size that can be part of a shorter
//! route, with the shortest way to it per last stop. What is left to do from there
//! is bounded by the table of relaxed routes.

mod layer;

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{
    Outcome, digit,
    relaxed::{prices::FixedPrices, scale::Scale, table::Table},
};
use crate::{
    arcs::{Arcs, NONE},
    budget::Meter,
    instance::{Instance, StopId, delivery, order_of, pickup},
};
use layer::{Layer, Set, bit};

/// Most orders: two bits each in one word.
pub(crate) const MAX_ORDERS: usize = 32;

/// Units of work of one row and of one step from it.
const ROW_WORK: u64 = 40;
const STEP_WORK: u64 = 8;

/// Everything that a search looks at.
pub(crate) struct Search<'a> {
    pub arcs: &'a Arcs,
    pub instance: &'a Instance<'a>,
    pub scale: Scale,
    pub table: &'a Table<'a>,
    pub prices: &'a FixedPrices,
}

impl Search<'_> {
    /// The shortest route below a length, or the proof that there is none.
    pub fn run(&self, below: i64, work: u64, meter: &mut Meter) -> Outcome {
        let until = meter.work.saturating_add(work);
        let most = self.scale.parts(below - 1);
        let mut layers = vec![self.first()];
        let mut bytes = 0;
        for stage in 1..=self.arcs.visits {
            let Some(layer) = self.grow(&layers[stage - 1], stage, most, until, meter, bytes) else {
                return Outcome::GivenUp;
            };
            bytes += layer.bytes();
            layers.push(layer);
        }
        layer::shortest(self.arcs, &layers, below)
    }

    fn orders(&self) -> usize {
        self.arcs.orders()
    }

    fn first(&self) -> Layer {
        let on_board = (0..self.orders()).filter(|&order| self.arcs.on_board[order]);
        Layer {
            sets: vec![Set {
                code: on_board.map(bit).sum(),
                state: self.table.first(),
            }],
            lengths: vec![NONE; self.orders()],
        }
    }

    fn grow(
        &self,
        from: &Layer,
        stage: usize,
        most: i64,
        until: u64,
        meter: &mut Meter,
        bytes: usize,
    ) -> Option<Layer> {
        let orders = self.orders();
        let mut index: HashMap<u64, u32, FxBuildHasher> = HashMap::default();
        let mut layer = Layer::default();
        let mut ways: Vec<(StopId, i32)> = Vec::with_capacity(orders);
        for (row, set) in from.sets.iter().enumerate() {
            if row % 1024 == 0 {
                let full = bytes + layer.bytes() + index.capacity() * 16 > meter.memory;
                if meter.work > until || full || meter.is_out_of_time() {
                    return None;
                }
            }
            meter.work += ROW_WORK;
            self.ways(from, row, *set, &mut ways);
            let owed = self.owed(set.code, stage);
            let pickups = self.instance.pickups(|order| digit(set.code, order));
            for order in 0..orders {
                let made = digit(set.code, order);
                if made == 2 || (made == 0 && pickups >> order & 1 == 0) {
                    continue;
                }
                meter.work += STEP_WORK;
                let stop = 2 * order + made;
                let length = if stage == 1 {
                    self.arcs.start[stop]
                } else {
                    ways.iter()
                        .map(|&(from, way)| way + self.arcs.get(from, stop))
                        .min()
                        .unwrap_or(NONE)
                };
                if length >= NONE {
                    continue;
                }
                let state = self.table.after(set.state, stop);
                let ahead = self.table.to_go(state, stop) + owed - self.settled(stop, stage);
                if self.scale.parts(i64::from(length)) + i64::from(ahead) > most {
                    continue;
                }
                let code = set.code + bit(order);
                let row = *index.entry(code).or_insert_with(|| {
                    layer.sets.push(Set { code, state });
                    layer.lengths.extend(std::iter::repeat_n(NONE, orders));
                    layer.sets.len() as u32 - 1
                });
                let way = &mut layer.lengths[row as usize * orders + order];
                *way = length.min(*way);
            }
        }
        Some(layer)
    }

    /// The last stops of a set, each with the shortest way to it.
    fn ways(&self, layer: &Layer, row: usize, set: Set, into: &mut Vec<(StopId, i32)>) {
        into.clear();
        let ways = layer.ways(row, self.orders());
        into.extend(ways.map(|(order, length)| (2 * order + digit(set.code, order) - 1, length)));
    }

    /// Prices of what is left to do: the bound charges each visit once.
    fn owed(&self, code: u64, stage: usize) -> i32 {
        let others = (0..self.orders()).filter(|&order| !self.table.is_tracked[order]);
        others
            .map(|order| match digit(code, order) {
                0 => self.prices.visit(pickup(order)) + self.prices.visit(delivery(order)),
                // Its pickup was before, so only later stages can charge for it.
                1 => self.prices.visit(delivery(order)) - self.prices.early(order, stage + 1),
                _ => 0,
            })
            .sum()
    }

    /// What is not owed any more after a stop.
    fn settled(&self, stop: StopId, stage: usize) -> i32 {
        let order = order_of(stop);
        if self.table.is_tracked[order] {
            return 0;
        }
        let early = self.prices.early(order, stage + 1);
        self.prices.visit(stop) + if stop == pickup(order) { early } else { -early }
    }
}
