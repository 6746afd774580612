//! What is to be solved.

use crate::Matrix;

/// One rider, where they are, and what they have to do.
///
/// All times are whole seconds on one scale, such as since the Unix epoch or since
/// the rider set out.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Travel times between locations; the indices of all stops are rows of it.
    pub travel: Matrix,
    /// Where the rider is; without it the route begins at its first stop.
    pub start: Option<usize>,
    /// Where the route ends; without it (open route) at its last stop.
    pub end: Option<usize>,
    /// The earliest second at which the rider sets out.
    pub departure: i64,
    /// When the route should be over: what is later counts as lateness.
    pub due: Option<i64>,
    /// What the rider can carry, one number per dimension; empty: no limit.
    pub capacity: Vec<i64>,
    /// What has to be delivered.
    pub orders: Vec<Order>,
    /// What counts how much.
    pub weights: Weights,
}

/// Something to be dropped off, and picked up before if it is not on board.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where it is picked up; none if it is on board already.
    pub pickup: Option<Stop>,
    /// Where it is dropped off.
    pub delivery: Stop,
    /// What it takes of each dimension of the capacity; missing ones are 0.
    pub amount: Vec<i64>,
    /// How much a second of its lateness counts; 1 is usual.
    pub urgency: u32,
}

/// One stop of an order.
#[derive(Debug, Clone)]
pub struct Stop {
    /// Row of the travel matrix.
    pub location: usize,
    /// Seconds that the stop takes.
    pub service: u32,
    /// When service may begin, in increasing order and not overlapping; empty: at
    /// any time. A start is waited for. The last end is soft: what begins later is
    /// late. A rider who comes after one window waits for the next.
    pub windows: Vec<Window>,
}

/// From when and until when service at a stop may begin, in seconds, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Waited for.
    pub start: i64,
    /// Due; later is late.
    pub end: i64,
}

/// The objective: the least sum of travel, lateness and finish time, each times
/// its weight.
///
/// The defaults put them in order: no travel or earlier finish makes up for a
/// second of lateness, and no travel for a second of a later finish, as long as a
/// run sheet lasts less than 100,000 s (27 hours).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    /// Of a second of travel.
    pub travel: i64,
    /// Of a second of lateness of an order with urgency 1, and of the route.
    pub lateness: i64,
    /// Of a second between departure and the end of the route.
    pub finish: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            travel: 1,
            lateness: 10_000_000_000,
            finish: 100_000,
        }
    }
}

impl Weights {
    /// Travel alone, wherever it ends and however late.
    pub const TRAVEL: Self = Self {
        travel: 1,
        lateness: 0,
        finish: 0,
    };
}

/// One of a route's tasks, by the order's place in [`Problem::orders`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Task {
    /// Taking an order on board.
    Pickup(usize),
    /// Dropping it off.
    Delivery(usize),
}

impl Task {
    /// The order's place in [`Problem::orders`].
    pub fn order(self) -> usize {
        match self {
            Self::Pickup(order) | Self::Delivery(order) => order,
        }
    }
}

impl Problem {
    /// The stop of a task.
    ///
    /// # Panics
    /// For the pickup of an order that is on board.
    pub fn stop(&self, task: Task) -> &Stop {
        match task {
            Task::Pickup(order) => self.orders[order].pickup.as_ref().expect("is not on board yet"),
            Task::Delivery(order) => &self.orders[order].delivery,
        }
    }
}
