//! First routes.

use fastrand::Rng;

use super::{Objective, ruin};
use crate::{
    budget::Meter,
    instance::{Instance, StopId, delivery, is_delivery, order_of, pickup},
};

/// A route at once, for any number of orders: always on to the stop that `dearness`
/// gives the least for, of those that can be made.
pub(crate) fn nearest<Key: Ord>(
    instance: &Instance,
    mut dearness: impl FnMut(&[StopId], StopId) -> Key,
) -> Vec<StopId> {
    let mut route = Vec::with_capacity(instance.stops());
    let mut load = vec![0; instance.problem.capacity.len()];
    let mut on_board = 0;
    let mut next: Vec<StopId> = Vec::with_capacity(instance.orders());
    for order in 0..instance.orders() {
        if instance.on_board[order] {
            next.push(delivery(order));
            instance.load(&mut load, order, 1);
            on_board += 1;
        } else {
            next.push(pickup(order));
        }
    }
    while !next.is_empty() {
        let mut best: Option<(Key, usize)> = None;
        for (at, &stop) in next.iter().enumerate() {
            let key = dearness(&route, stop);
            // Whether there is room takes longer, and is asked of few.
            if best.as_ref().is_none_or(|(least, _)| key < *least)
                && (is_delivery(stop) || instance.may_pick_up(order_of(stop), on_board, &load))
            {
                best = Some((key, at));
            }
        }
        // With nothing on board every pickup is possible, else every delivery of it.
        let Some((_, at)) = best else { break };
        let stop = next[at];
        route.push(stop);
        if is_delivery(stop) {
            next.swap_remove(at);
            instance.load(&mut load, order_of(stop), -1);
            on_board -= 1;
        } else {
            next[at] = delivery(order_of(stop));
            instance.load(&mut load, order_of(stop), 1);
            on_board += 1;
        }
    }
    route
}

/// Each order where it costs least, one after another, by chance if there is any; none
/// if time runs out.
pub(crate) fn cheapest(
    objective: &impl Objective,
    mut chance: Option<&mut Rng>,
    meter: &mut Meter,
) -> Option<Vec<StopId>> {
    let instance = objective.instance();
    let mut route = Vec::with_capacity(instance.stops());
    // What is on board comes first: it is the capacity that others have to fit into.
    let (mut orders, mut others): (Vec<usize>, Vec<usize>) =
        (0..instance.orders()).partition(|&order| instance.on_board[order]);
    if let Some(rng) = &mut chance {
        rng.shuffle(&mut others);
    }
    orders.append(&mut others);
    for order in orders {
        if meter.is_out_of_time() {
            return None;
        }
        let mut skip = || chance.as_mut().is_some_and(|rng| ruin::skips(rng));
        let place = objective.place(&route, order, &mut skip, &mut meter.work);
        place.insert(&mut route, order, instance.on_board[order]);
    }
    Some(route)
}
