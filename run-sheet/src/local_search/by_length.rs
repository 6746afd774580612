//! Places by the length they add, where time does not matter.

use super::{Objective, Place, room::Room};
use crate::{
    arcs::Arcs,
    instance::{Instance, StopId, delivery, pickup},
};

/// More than any arcs add up to.
const TOO_MUCH: i64 = i64::MAX / 4;

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
    fn place(&self, route: &[StopId], order: usize, skip: &mut dyn FnMut() -> bool, work: &mut u64) -> Place {
        *work += 30 + 2 * route.len() as u64;
        let room = Room::of(self.instance, route, order);
        let (up, down) = (pickup(order), delivery(order));
        let (from_up, from_down) = (self.arcs.from(up), self.arcs.from(down));
        let together = i64::from(from_up[down]);
        let on_board = self.arcs.on_board[order];
        let mut best = Place::last(route);
        // The best delivery so far, and what it adds; without one too much to be taken.
        let (mut later, mut more) = (0, TOO_MUCH);
        for at in (0..=route.len()).rev() {
            let from = at
                .checked_sub(1)
                .map_or(&self.arcs.start[..], |before| self.arcs.from(route[before]));
            let (gone, up_on, down_on) = match (route.get(at), at) {
                (Some(&after), _) => (from[after], from_up[after], from_down[after]),
                (None, 0) => (0, self.arcs.end[up], self.arcs.end[down]),
                (None, _) => (
                    self.arcs.end[route[at - 1]],
                    self.arcs.end[up],
                    self.arcs.end[down],
                ),
            };
            let (gone, up_on, down_on) = (i64::from(gone), i64::from(up_on), i64::from(down_on));
            if at < route.len() && room.is_blocked(at) {
                more = TOO_MUCH;
            }
            let delivered = i64::from(from[down]) + down_on - gone;
            if on_board {
                if room.is_kept(at) {
                    offer(&mut best, skip, at, at, delivered);
                }
                continue;
            }
            if room.is_open(at) {
                let picked = i64::from(from[up]) - gone;
                let (at_once, kept) = (together + down_on, up_on + more);
                let (delivery, rest) = if kept < at_once {
                    (later, kept)
                } else {
                    (at, at_once)
                };
                offer(&mut best, skip, at, delivery, picked + rest);
            }
            if at > 0 && delivered < more {
                (later, more) = (at, delivered);
            }
        }
        best
    }
}

/// A place is only left out if it were the best so far: what else is left out makes
/// no difference.
fn offer(best: &mut Place, skip: &mut dyn FnMut() -> bool, pickup: usize, delivery: usize, cost: i64) {
    if cost < best.cost && (best.cost == i64::MAX || !skip()) {
        best.offer(pickup, delivery, cost);
    }
}
