//! The plain dynamic program over subsets: the shortest way to finish from every
//! state.
//!
//! Held and Karp's program for the travelling salesman, with a ternary digit per
//! order instead of a bit per city (0 waiting, 1 on board, 2 delivered). Together
//! with the order that was served last the digits say everything: the last stop is
//! that order's pickup if its digit is 1, else its delivery. A row holds one lane
//! per last order, so that one step adds and compares all of them at once.

mod fill;

use pulp::Arch;

use super::digit;
use crate::{
    arcs::{Arcs, NONE},
    instance::{Instance, StopId, order_of},
};
use fill::Fill;

/// Lanes of a row: orders that can have been served last.
const LANES: usize = 16;
type Row = [i32; LANES];

/// Most orders: 3^12 rows are 37 MB.
pub(crate) const MAX_ORDERS: usize = 12;

/// Seconds of travel to the end of the route from every state.
#[derive(Debug)]
pub(crate) struct Subsets {
    /// What a digit counts in a state's number.
    powers: Vec<usize>,
    first: usize,
    /// By state: two bits per order.
    codes: Vec<u32>,
    /// By state: a bit per order that may be picked up.
    pickups: Vec<u16>,
    rows: Vec<Row>,
}

impl Subsets {
    /// # Panics
    /// With more than [`MAX_ORDERS`].
    pub fn new(arcs: &Arcs, instance: &Instance) -> Self {
        let orders = arcs.orders();
        assert!(
            orders <= MAX_ORDERS,
            "{orders} orders are too many for all subsets"
        );
        let powers: Vec<usize> = (0..orders as u32).map(|order| 3_usize.pow(order)).collect();
        let on_board = |order: usize| usize::from(arcs.on_board[order]);
        let first = (0..orders).map(|order| on_board(order) * powers[order]).sum();
        let codes = codes(orders);
        let pickups = |&code: &u32| instance.pickups(|order| digit(code, order)) as u16;
        let mut subsets = Self {
            first,
            pickups: codes.iter().map(pickups).collect(),
            codes,
            rows: vec![[NONE; LANES]; 3_usize.pow(orders as u32)],
            powers,
        };
        Arch::new().dispatch(Fill {
            subsets: &mut subsets,
            arcs,
        });
        subsets
    }

    /// Bytes for so many orders.
    pub fn bytes(orders: usize) -> usize {
        3_usize.pow(orders as u32) * (size_of::<Row>() + size_of::<u32>() + size_of::<u16>())
    }

    /// Units of work for so many orders.
    pub fn work(orders: usize) -> u64 {
        3_u64.pow(orders as u32) * orders as u64 * 2
    }

    /// The state before the first stop.
    pub fn first(&self) -> usize {
        self.first
    }

    /// The state after a stop.
    pub fn after(&self, state: usize, stop: StopId) -> usize {
        state + self.powers[order_of(stop)]
    }

    /// How many states there are.
    pub fn states(&self) -> usize {
        self.rows.len()
    }

    /// How far an order is: 0 waiting, 1 on board, 2 delivered.
    pub fn digit(&self, state: usize, order: usize) -> usize {
        digit(self.codes[state], order)
    }

    /// The stops that can follow, one per order.
    pub fn open(&self, state: usize) -> impl Iterator<Item = StopId> {
        let (code, pickups) = (self.codes[state], self.pickups[state]);
        (0..self.powers.len()).filter_map(move |order| match digit(code, order) {
            0 if pickups >> order & 1 == 0 => None,
            2 => None,
            digit => Some(2 * order + digit),
        })
    }

    /// One for each order that is delivered, else zero.
    #[inline(always)]
    pub fn delivered(&self, state: usize, into: &mut [f64]) {
        let code = self.codes[state];
        for (order, lane) in into.iter_mut().enumerate().take(self.powers.len()) {
            *lane = f64::from(code >> (2 * order + 1) & 1);
        }
    }

    /// Seconds of travel to the end after a stop that led to a state; at least
    /// [`NONE`] if there is no way.
    pub fn to_go(&self, state: usize, last: StopId) -> i32 {
        self.rows[state][order_of(last)]
    }

    /// The stops that are left to make.
    pub fn left(&self, state: usize) -> impl Iterator<Item = StopId> {
        (0..self.powers.len()).flat_map(move |order| (2 * order + self.digit(state, order))..2 * order + 2)
    }

    /// A shortest route.
    pub fn route(&self, arcs: &Arcs) -> Vec<StopId> {
        let mut route: Vec<StopId> = Vec::with_capacity(arcs.visits);
        let mut state = self.first;
        for _ in 0..arcs.visits {
            let arc = |to| route.last().map_or(arcs.start[to], |&from| arcs.get(from, to));
            let length = |&to: &StopId| arc(to).saturating_add(self.to_go(self.after(state, to), to));
            let best = self.open(state).min_by_key(length).expect("has stops left");
            state = self.after(state, best);
            route.push(best);
        }
        route
    }
}

/// The digits of all states, two bits each.
fn codes(orders: usize) -> Vec<u32> {
    let mut codes = vec![0];
    for order in 0..orders {
        let lower = codes.len();
        for digit in 1..3 {
            codes.extend_from_within(..lower);
            codes[digit * lower..]
                .iter_mut()
                .for_each(|code| *code |= (digit as u32) << (2 * order));
        }
    }
    codes
}
