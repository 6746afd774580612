//! Places by the length they add, where time does not matter.

use super::{Objective, Place, room::Room};
use crate::{
    arcs::Arcs,
    instance::{Instance, StopId, delivery, pickup},
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

    fn work(&self) -> u64 {
        24 * self.arcs.stops as u64
    }

    fn instance(&self) -> &Instance<'_> {
        self.instance
    }

    /// In one pass from the end: for each place of the pickup the best later place
    /// of the delivery is known already.
    fn place(&self, route: &[StopId], order: usize, skip: &mut dyn FnMut() -> bool) -> Place {
        let room = Room::of(self.instance, route, order);
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
            let delivered = self.arc(before, Some(down)) + self.arc(Some(down), after) - gone;
            let skipped = best.cost < i64::MAX && skip();
            if self.arcs.on_board[order] {
                if !skipped && room.as_ref().is_none_or(|room| room.is_kept(at)) {
                    best.offer(at, at, delivered);
                }
                continue;
            }
            if !skipped && room.as_ref().is_none_or(|room| room.is_open(at)) {
                let to_pickup = self.arc(before, Some(up)) - gone;
                let together = self.arc(Some(up), Some(down)) + self.arc(Some(down), after);
                best.offer(at, at, to_pickup + together);
                if let (Some((more, delivery)), Some(after)) = (later, after) {
                    best.offer(at, delivery, to_pickup + self.arc(Some(up), Some(after)) + more);
                }
            }
            if before.is_some() && later.is_none_or(|(least, _)| delivered < least) {
                later = Some((delivered, at));
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
