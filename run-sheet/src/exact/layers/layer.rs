//! What a layer holds, and the way back through all of them.

use super::super::{Outcome, digit, relaxed::table::State};
use crate::{
    arcs::{Arcs, NONE},
    instance::delivery,
};

/// Sets of stops of one size.
#[derive(Default)]
pub(super) struct Layer {
    pub sets: Vec<Set>,
    /// Per set and order: the shortest way that ends with that order.
    pub lengths: Vec<i32>,
}

#[derive(Clone, Copy)]
pub(super) struct Set {
    /// Two bits per order: 0 waiting, 1 on board, 2 delivered.
    pub code: u64,
    pub state: State,
}

impl Layer {
    pub fn bytes(&self) -> usize {
        self.sets.capacity() * size_of::<Set>() + self.lengths.capacity() * size_of::<i32>()
    }

    /// The last orders of a set, each with the shortest way to it.
    pub fn ways(&self, row: usize, orders: usize) -> impl Iterator<Item = (usize, i32)> {
        let lengths = self.lengths[row * orders..][..orders].iter().copied();
        lengths.enumerate().filter(|&(_, length)| length < NONE)
    }
}

/// Goes back from the shortest way to the end.
pub(super) fn shortest(arcs: &Arcs, layers: &[Layer], below: i64) -> Outcome {
    let orders = arcs.orders();
    let Some((last, layers)) = layers.split_last().filter(|(last, _)| !last.sets.is_empty()) else {
        return Outcome::None;
    };
    let home = |order| i64::from(arcs.end[delivery(order)]);
    let ends = last
        .ways(0, orders)
        .map(|(order, way)| (i64::from(way) + home(order), order));
    let Some((length, mut order)) = ends.min().filter(|&(length, _)| length < below) else {
        return Outcome::None;
    };
    let mut code = last.sets[0].code;
    let mut way = (length - home(order)) as i32;
    let mut route = Vec::with_capacity(arcs.visits);
    for layer in layers.iter().rev() {
        let stop = 2 * order + digit(code, order) - 1;
        route.push(stop);
        code -= bit(order);
        let set = |set: &Set| set.code == code;
        let row = layer.sets.iter().position(set).expect("was reached from there");
        let leads = |&(before, length): &(usize, i32)| {
            length + arcs.get(2 * before + digit(code, before) - 1, stop) == way
        };
        let Some(before) = layer.ways(row, orders).find(leads) else {
            break;
        };
        (order, way) = before;
    }
    route.reverse();
    Outcome::Found(route)
}

/// What a stop adds to a code.
pub(super) fn bit(order: usize) -> u64 {
    1 << (2 * order)
}
