//! Where the rider has room for an order.

use crate::instance::{Instance, StopId, is_delivery, order_of};

/// By place in a route that does not have the order.
pub(crate) struct Room {
    open: Vec<bool>,
    blocked: Vec<bool>,
    first_blocked: usize,
}

impl Room {
    /// None if there is room everywhere.
    pub fn of(instance: &Instance, route: &[StopId], order: usize) -> Option<Self> {
        if !instance.capacity_binds {
            return None;
        }
        let mut load = vec![0; instance.problem.capacity.len()];
        let mut on_board = 0_i64;
        for other in route.iter().map(|&stop| order_of(stop)) {
            if instance.on_board[other] {
                on_board += 1;
                instance.load(&mut load, other, 1);
            }
        }
        let mut room = Self {
            open: Vec::with_capacity(route.len() + 1),
            blocked: Vec::with_capacity(route.len()),
            first_blocked: 0,
        };
        for &stop in route {
            room.open
                .push(instance.may_pick_up(order, on_board as usize, &load));
            let sign = if is_delivery(stop) { -1 } else { 1 };
            on_board += sign;
            instance.load(&mut load, order_of(stop), sign);
            // With the order on board this pickup would be one too many.
            room.blocked
                .push(sign > 0 && !instance.may_pick_up(order, 1, &load));
        }
        room.open
            .push(instance.may_pick_up(order, on_board as usize, &load));
        let blocked = room.blocked.iter().position(|&blocked| blocked);
        room.first_blocked = blocked.unwrap_or(route.len());
        Some(room)
    }

    /// Whether the order can be picked up before a stop.
    pub fn is_open(&self, at: usize) -> bool {
        self.open[at]
    }

    /// Whether an order that is on board can be kept until before a stop.
    pub fn is_kept(&self, until: usize) -> bool {
        until <= self.first_blocked
    }

    /// Whether a stop cannot be made with the order on board.
    pub fn is_blocked(&self, at: usize) -> bool {
        self.blocked[at]
    }
}
