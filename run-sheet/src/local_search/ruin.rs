//! Which orders are taken out.

use fastrand::Rng;

use crate::instance::{StopId, order_of};

/// Most orders that are taken out at once.
pub(super) const MOST: usize = 20;

/// Where a try takes more units of work, fewer are.
const WORK_OF_A_TRY: u64 = 1_000_000;
/// One place in so many is left out.
const SKIP_ONE_IN: u32 = 20;

/// Whether a place is left out this time, so that it is not always the same.
pub(crate) fn skips(rng: &mut Rng) -> bool {
    rng.u32(..SKIP_ONE_IN) == 0
}

/// How many to take out at most, by what as many took last time.
pub(crate) fn most(orders: usize, work: u64) -> usize {
    (WORK_OF_A_TRY * orders as u64 / work.max(1)).clamp(1, MOST as u64) as usize
}

/// Some orders: as many as chance says, neighbours in the route or any.
pub(crate) fn some(route: &[StopId], orders: usize, most: usize, rng: &mut Rng, into: &mut Vec<usize>) {
    into.clear();
    let count = rng.usize(1..=orders.min(most));
    if rng.bool() {
        let from = rng.usize(..route.len());
        let around = route[from..].iter().chain(&route[..from]);
        for order in around.map(|&stop| order_of(stop)) {
            if into.len() == count {
                break;
            }
            if !into.contains(&order) {
                into.push(order);
            }
        }
    } else {
        while into.len() < count {
            let order = rng.usize(..orders);
            if !into.contains(&order) {
                into.push(order);
            }
        }
    }
    rng.shuffle(into);
}
