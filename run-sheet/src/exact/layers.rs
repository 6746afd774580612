//! Exact search: all routes stop by stop, without those that a bound rules out.
//!
//! A layer holds every set of stops of one size that can be part of a shorter
//! route, with the shortest way to it per last stop. What is left to do from there
//! is bounded by the table of relaxed routes.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{
    Outcome, digit,
    relaxed::{
        prices::FixedPrices,
        scale::Scale,
        table::{State, Table},
    },
};
use crate::{
    arcs::{Arcs, NONE},
    budget::Meter,
    instance::{Instance, StopId, delivery, order_of, pickup},
};

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

/// Sets of stops of one size.
#[derive(Default)]
struct Layer {
    sets: Vec<Set>,
    /// Per set and order: the shortest way that ends with that order.
    lengths: Vec<i32>,
}

#[derive(Clone, Copy)]
struct Set {
    /// Two bits per order: 0 waiting, 1 on board, 2 delivered.
    code: u64,
    state: State,
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
        self.shortest(&layers, below)
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
        let lengths = &layer.lengths[row * self.orders()..][..self.orders()];
        let ways = lengths.iter().enumerate().filter(|&(_, &length)| length < NONE);
        into.extend(ways.map(|(order, &length)| (2 * order + digit(set.code, order) - 1, length)));
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

    /// Goes back from the shortest way to the end.
    fn shortest(&self, layers: &[Layer], below: i64) -> Outcome {
        let (orders, arcs) = (self.orders(), self.arcs);
        let Some(last) = layers.last().filter(|layer| !layer.sets.is_empty()) else {
            return Outcome::None;
        };
        let ends = last
            .lengths
            .iter()
            .enumerate()
            .filter(|&(_, &length)| length < NONE);
        let total = |(order, &length): (usize, &i32)| {
            (i64::from(length) + i64::from(arcs.end[delivery(order)]), order)
        };
        let Some((length, mut order)) = ends.map(total).min().filter(|&(length, _)| length < below) else {
            return Outcome::None;
        };
        let mut code = last.sets[0].code;
        let mut way = (length - i64::from(arcs.end[delivery(order)])) as i32;
        let mut route = Vec::with_capacity(arcs.visits);
        for layer in layers[..layers.len() - 1].iter().rev() {
            let stop = 2 * order + digit(code, order) - 1;
            route.push(stop);
            code -= bit(order);
            let row = layer
                .sets
                .iter()
                .position(|set| set.code == code)
                .expect("was reached from there");
            let before = (0..orders).find(|&before| {
                let length = layer.lengths[row * orders + before];
                length < NONE && length + arcs.get(2 * before + digit(code, before) - 1, stop) == way
            });
            let Some(before) = before else { break };
            (way, order) = (layer.lengths[row * orders + before], before);
        }
        route.reverse();
        Outcome::Found(route)
    }
}

impl Layer {
    fn bytes(&self) -> usize {
        self.sets.capacity() * size_of::<Set>() + self.lengths.capacity() * size_of::<i32>()
    }
}

fn bit(order: usize) -> u64 {
    1 << (2 * order)
}
