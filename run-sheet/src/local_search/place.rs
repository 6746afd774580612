//! Where an order's stops can go.

use crate::instance::{Instance, StopId, delivery, pickup};

/// What routes cost, and where an order adds least to one.
pub(crate) trait Objective {
    /// The route's cost.
    fn cost(&self, route: &[StopId]) -> i64;

    /// The cheapest place for an order in a route that does not have it. Now and
    /// then `skip` leaves a place out, so that it is not always the same.
    /// Adds the units of work that it took.
    fn place(&self, route: &[StopId], order: usize, skip: &mut dyn FnMut() -> bool, work: &mut u64) -> Place;

    /// Whose orders they are.
    fn instance(&self) -> &Instance<'_>;
}

/// A place for an order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// Index in the route before which it is picked up; without meaning if it is
    /// on board.
    pub pickup: usize,
    /// Index in the route before which it is delivered, not before the pickup's.
    pub delivery: usize,
    /// What the route then costs, or what is added to its cost: whichever the
    /// objective compares places by.
    pub cost: i64,
}

impl Place {
    /// At the end, which is always possible.
    pub fn last(route: &[StopId]) -> Self {
        Self {
            pickup: route.len(),
            delivery: route.len(),
            cost: i64::MAX,
        }
    }

    /// Takes another place, if it costs less.
    pub fn offer(&mut self, pickup: usize, delivery: usize, cost: i64) {
        if cost < self.cost {
            *self = Self {
                pickup,
                delivery,
                cost,
            };
        }
    }

    /// Puts an order there.
    pub fn insert(&self, route: &mut Vec<StopId>, order: usize, on_board: bool) {
        route.insert(self.delivery, delivery(order));
        if !on_board {
            route.insert(self.pickup, pickup(order));
        }
    }
}
