//! Places by the length they add, where time does not matter.

use super::{Objective, Place};
use crate::{
    arcs::{Arcs, NONE},
    instance::{Instance, StopId, delivery, is_delivery, order_of, pickup},
};

/// The objective is the route's length in seconds.
#[derive(Debug)]
pub(crate) struct ByLength<'a> {
    pub arcs: &'a Arcs,
    pub instance: &'a Instance<'a>,
}

impl Objective for ByLength<'_> {
    fn cost(&self, route: &[StopId]) -> i64 {
        self.arcs.length(route)
    }

    fn instance(&self) -> &Instance<'_> {
        self.instance
    }

    /// In one pass from the end: for each place of the pickup the best later place
    /// of the delivery is known already.
    fn place(&self, route: &[StopId], order: usize, skip: &mut dyn FnMut() -> bool) -> Place {
        let room = self
            .instance
            .capacity_binds
            .then(|| Room::of(self.instance, route, order));
        let (up, down) = (pickup(order), delivery(order));
        let mut best = Place::last(route);
        let mut later: Option<(i64, usize)> = None;
        for at in (0..=route.len()).rev() {
            if at < route.len() && room.as_ref().is_some_and(|room| room.is_blocked(at)) {
                later = None;
            }
            let before = at.checked_sub(1).map(|before| route[before]);
            let after = route.get(at).copied();
            let gone = self.arc(before, after);
            if self.arcs.on_board[order] {
                let more = self.arc(before, Some(down)) + self.arc(Some(down), after) - gone;
                if more < best.more && !(skip() && best.more < i64::MAX) {
                    best = Place {
                        pickup: at,
                        delivery: at,
                        more,
                    };
                }
                continue;
            }
            let to_pickup = self.arc(before, Some(up)) - gone;
            if room.as_ref().is_none_or(|room| room.is_open(at)) && !skip() {
                let together = to_pickup + self.arc(Some(up), Some(down)) + self.arc(Some(down), after);
                if together < best.more {
                    best = Place {
                        pickup: at,
                        delivery: at,
                        more: together,
                    };
                }
                if let (Some((more, delivery)), Some(after)) = (later, after) {
                    let apart = to_pickup + self.arc(Some(up), Some(after)) + more;
                    if apart < best.more {
                        best = Place {
                            pickup: at,
                            delivery,
                            more: apart,
                        };
                    }
                }
            }
            let more = self.arc(before, Some(down)) + self.arc(Some(down), after) - gone;
            if before.is_some() && later.is_none_or(|(least, _)| more < least) {
                later = Some((more, at));
            }
        }
        best
    }
}

impl ByLength<'_> {
    /// From the start if there is no stop before, to the end if there is none after.
    fn arc(&self, from: Option<StopId>, to: Option<StopId>) -> i64 {
        i64::from(match (from, to) {
            (None, None) => 0,
            (None, Some(to)) => self.arcs.start[to],
            (Some(from), None) => self.arcs.end[from],
            (Some(from), Some(to)) => self.arcs.get(from, to),
        })
    }
}

/// Where the rider has room for an order.
struct Room {
    open: Vec<bool>,
    blocked: Vec<bool>,
}

impl Room {
    fn of(instance: &Instance, route: &[StopId], order: usize) -> Self {
        let capacity = &instance.problem.capacity;
        let mut load = vec![0; capacity.len()];
        let mut on_board = 0;
        for other in (0..instance.orders()).filter(|&other| other != order && instance.on_board[other]) {
            if route.contains(&delivery(other)) {
                on_board += 1;
                load.iter_mut()
                    .zip(instance.amount(other))
                    .for_each(|(load, amount)| *load += amount);
            }
        }
        let mut room = Self {
            open: Vec::new(),
            blocked: Vec::new(),
        };
        for &stop in route {
            room.open.push(instance.may_pick_up(order, on_board, &load));
            let sign = if is_delivery(stop) { -1 } else { 1 };
            on_board = (on_board as i64 + sign) as usize;
            load.iter_mut()
                .zip(instance.amount(order_of(stop)))
                .for_each(|(load, amount)| *load += sign * amount);
            // With the order on board this pickup would be one too many.
            room.blocked
                .push(sign > 0 && !instance.may_pick_up(order, 1, &load));
        }
        room.open.push(instance.may_pick_up(order, on_board, &load));
        room
    }

    /// Whether the order can be picked up before a stop.
    fn is_open(&self, at: usize) -> bool {
        self.open[at]
    }

    /// Whether a stop cannot be made with the order on board.
    fn is_blocked(&self, at: usize) -> bool {
        self.blocked[at]
    }
}

const _: () = assert!(NONE < i32::MAX / 3);
