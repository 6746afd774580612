//! Where the rider has room for an order.

use crate::instance::{Instance, StopId, is_delivery, order_of};

/// By place in a route that does not have the order.
pub(crate) struct Room {
    /// None where there is room everywhere.
    places: Option<Places>,
}

struct Places {
    open: Vec<bool>,
    blocked: Vec<bool>,
    first_blocked: usize,
}

impl Room {
    pub fn of(instance: &Instance, route: &[StopId], order: usize) -> Self {
        let places = instance
            .capacity_binds
            .then(|| Places::of(instance, route, order));
        Self { places }
    }

    /// Whether the order can be picked up before a stop.
    pub fn is_open(&self, at: usize) -> bool {
        self.places.as_ref().is_none_or(|places| places.open[at])
    }

    /// Whether an order that is on board can be kept until before a stop.
    pub fn is_kept(&self, until: usize) -> bool {
        self.places
            .as_ref()
            .is_none_or(|places| until <= places.first_blocked)
    }

    /// Whether a stop cannot be made with the order on board.
    pub fn is_blocked(&self, at: usize) -> bool {
        self.places.as_ref().is_some_and(|places| places.blocked[at])
    }
}

impl Places {
    fn of(instance: &Instance, route: &[StopId], order: usize) -> Self {
        let mut load = vec![0; instance.problem.capacity.len()];
        let mut on_board = 0_i64;
        for other in route.iter().map(|&stop| order_of(stop)) {
            if instance.on_board[other] {
                on_board += 1;
                instance.load(&mut load, other, 1);
            }
        }
        let mut places = Self {
            open: Vec::with_capacity(route.len() + 1),
            blocked: Vec::with_capacity(route.len()),
            first_blocked: 0,
        };
        for &stop in route {
            places
                .open
                .push(instance.may_pick_up(order, on_board as usize, &load));
            let sign = if is_delivery(stop) { -1 } else { 1 };
            on_board += sign;
            instance.load(&mut load, order_of(stop), sign);
            // With the order on board this pickup would be one too many.
            places
                .blocked
                .push(sign > 0 && !instance.may_pick_up(order, 1, &load));
        }
        places
            .open
            .push(instance.may_pick_up(order, on_board as usize, &load));
        let blocked = places.blocked.iter().position(|&blocked| blocked);
        places.first_blocked = blocked.unwrap_or(route.len());
        places
    }
}
