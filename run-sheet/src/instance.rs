//! A problem by its stops, as the search sees it: order i has the stops 2i
//! (pickup) and 2i + 1 (delivery).

use crate::{Order, Problem, Stop, Task};

/// A stop's number.
pub(crate) type StopId = usize;

/// The pickup of an order.
pub(crate) fn pickup(order: usize) -> StopId {
    2 * order
}

/// The delivery of an order.
pub(crate) fn delivery(order: usize) -> StopId {
    2 * order + 1
}

/// The order of a stop.
pub(crate) fn order_of(stop: StopId) -> usize {
    stop / 2
}

/// Whether a stop is a delivery.
pub(crate) fn is_delivery(stop: StopId) -> bool {
    stop % 2 == 1
}

/// The task at a stop.
pub(crate) fn task(stop: StopId) -> Task {
    if is_delivery(stop) {
        Task::Delivery(order_of(stop))
    } else {
        Task::Pickup(order_of(stop))
    }
}

/// Travel times between stops instead of locations, and who is on board.
#[derive(Debug)]
pub(crate) struct Instance<'a> {
    pub problem: &'a Problem,
    /// Orders that need no pickup.
    pub on_board: Vec<bool>,
    /// Whether some pickup may have to wait for a delivery.
    pub capacity_binds: bool,
    /// By dimension of the capacity, then by order.
    amounts: Vec<i64>,
    /// From the start; 0 without one.
    from_start: Vec<u32>,
    /// To the end; 0 without one.
    to_end: Vec<u32>,
    between: Vec<u32>,
}

impl<'a> Instance<'a> {
    pub fn new(problem: &'a Problem) -> Self {
        let on_board: Vec<bool> = problem
            .orders
            .iter()
            .map(|order| order.pickup.is_none())
            .collect();
        // The pickup of an order on board is never visited; its delivery stands in.
        let locations: Vec<usize> = problem
            .orders
            .iter()
            .flat_map(|order| {
                let pickup = order.pickup.as_ref().unwrap_or(&order.delivery);
                [pickup.location, order.delivery.location]
            })
            .collect();
        let amounts = |dimension: usize| {
            let amount = move |order: &Order| order.amount.get(dimension).copied().unwrap_or(0);
            problem.orders.iter().map(amount)
        };
        let travel = &problem.travel;
        let from_start = |&to: &usize| problem.start.map_or(0, |start| travel.get(start, to));
        // Row by row into one place: before the first route nothing else takes as long.
        let mut between = Vec::with_capacity(locations.len() * locations.len());
        for &from in &locations {
            let row = travel.from(from);
            between.extend(locations.iter().map(|&to| row[to]));
        }
        let to_end = |&from: &usize| problem.end.map_or(0, |end| travel.get(from, end));
        Self {
            problem,
            on_board,
            capacity_binds: capacity_binds(problem),
            amounts: (0..problem.capacity.len()).flat_map(amounts).collect(),
            from_start: locations.iter().map(from_start).collect(),
            to_end: locations.iter().map(to_end).collect(),
            between,
        }
    }

    pub fn orders(&self) -> usize {
        self.on_board.len()
    }

    /// Numbers of stops, those of pickups on board included.
    pub fn stops(&self) -> usize {
        self.to_end.len()
    }

    /// Whether a stop has to be visited.
    pub fn is_visited(&self, stop: StopId) -> bool {
        is_delivery(stop) || !self.on_board[order_of(stop)]
    }

    /// Seconds to a stop; from the start without a stop before it.
    pub fn travel(&self, from: Option<StopId>, to: StopId) -> i64 {
        i64::from(from.map_or(self.from_start[to], |from| self.between[from * self.stops() + to]))
    }

    /// Seconds from the last stop to the end.
    pub fn travel_home(&self, from: StopId) -> i64 {
        i64::from(self.to_end[from])
    }

    /// Seconds from a stop or the start to a stop or the end; 0 where both are missing.
    pub fn leg(&self, from: Option<StopId>, to: Option<StopId>) -> i64 {
        match (from, to) {
            (_, Some(to)) => self.travel(from, to),
            (Some(from), None) => self.travel_home(from),
            (None, None) => 0,
        }
    }

    /// Seconds of travel from a stop to each.
    pub fn travel_from(&self, stop: StopId) -> &[u32] {
        &self.between[stop * self.stops()..][..self.stops()]
    }

    pub fn stop(&self, stop: StopId) -> &'a Stop {
        self.problem.stop(task(stop))
    }

    /// What an order adds to the load, one number per dimension of the capacity.
    fn amount(&self, order: usize) -> impl Iterator<Item = i64> {
        self.amounts
            .iter()
            .skip(order)
            .step_by(self.orders().max(1))
            .copied()
    }

    /// Adds an order to a load, or takes it away.
    pub fn load(&self, load: &mut [i64], order: usize, sign: i64) {
        load.iter_mut()
            .zip(self.amount(order))
            .for_each(|(load, amount)| *load += sign * amount);
    }

    /// Which orders may be picked up in a state, as bits, given each order's digit: 1
    /// on board. Orders that do not wait are among them or not.
    pub fn pickups(&self, digit: impl Fn(usize) -> usize) -> u64 {
        let all = u64::MAX >> (64 - self.orders().max(1));
        let on_board = || (0..self.orders()).filter(|&order| digit(order) == 1);
        if !self.capacity_binds || on_board().next().is_none() {
            return all;
        }
        let mut pickups = all;
        for (dimension, &capacity) in self.problem.capacity.iter().enumerate() {
            let amounts = &self.amounts[dimension * self.orders()..][..self.orders()];
            let load: i64 = on_board().map(|order| amounts[order]).sum();
            let left = capacity.saturating_sub(load);
            for (order, &amount) in amounts.iter().enumerate() {
                pickups &= !(u64::from(amount > left) << order);
            }
        }
        pickups
    }

    /// Whether an order may be picked up: the load afterwards is within the
    /// capacity, or nothing else is on board. So an order that is too large rides
    /// alone instead of not at all, and there is always a way to go on.
    pub fn may_pick_up(&self, order: usize, on_board: usize, load: &[i64]) -> bool {
        on_board == 0
            || (self.amount(order).zip(load).zip(&self.problem.capacity))
                .all(|((amount, load), capacity)| load + amount <= *capacity)
    }
}

fn capacity_binds(problem: &Problem) -> bool {
    (0..problem.capacity.len()).any(|dimension| {
        let amounts = problem
            .orders
            .iter()
            .filter_map(|order| order.amount.get(dimension));
        amounts.sum::<i64>() > problem.capacity[dimension]
    })
}
