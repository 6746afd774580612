//! What is still to be done, as the solver's problem.

use run_sheet::{Order as Task, Problem, Stop as TaskStop, Weights};

use crate::{
    case::Case,
    order::{Order, Stop},
    value::Bad,
    weights,
};

/// The open orders.
#[derive(Debug)]
pub struct Plan {
    /// For the solver; its orders are in the order of `open`.
    pub problem: Problem,
    /// Their places among all orders.
    pub open: Vec<usize>,
}

impl Plan {
    /// What is left of a case after its actions.
    ///
    /// # Errors
    /// When a sum could overflow, or a travel time is too long.
    pub fn of(case: &Case) -> Result<Self, Bad> {
        let states = &case.progress.states;
        let open: Vec<usize> = (0..case.orders.len())
            .filter(|place| states[*place].delivered.is_none())
            .collect();
        let task = |place: &usize| {
            let order = &case.orders[*place];
            let pickup = order
                .pickup
                .as_ref()
                .filter(|_| states[*place].picked_up.is_none());
            task(order, pickup.map(stop), stop(&order.delivery))
        };
        let mut problem = Problem {
            travel: case.places.matrix()?,
            start: case.rider.start.map(|start| start.row),
            end: case.rider.end.map(|end| end.row),
            departure: 0,
            due: case.rider.window.map(|window| window.end),
            capacity: case.rider.capacity.clone().unwrap_or_default(),
            orders: open.iter().map(task).collect(),
            weights: Weights::default(),
        };
        problem.departure = departure(case, &problem);
        weights::set(&mut problem, case.options.weights)?;
        Ok(Self { problem, open })
    }

    /// From when on an order waits for its delivery, in seconds: since it was
    /// assigned, else since it could be picked up, else since the departure.
    pub fn released(&self, case: &Case, open: usize) -> i64 {
        let place = self.open[open];
        released(
            &case.orders[place],
            case.progress.states[place].assigned,
            self.problem.departure,
        )
    }
}

/// See [`Plan::released`].
pub fn released(order: &Order, assigned: Option<i64>, departure: i64) -> i64 {
    let ready = order.pickup.as_ref().and_then(|pickup| pickup.windows.first());
    assigned.or(ready.map(|window| window.start)).unwrap_or(departure)
}

/// An order for the solver.
pub fn task(order: &Order, pickup: Option<TaskStop>, delivery: TaskStop) -> Task {
    Task {
        pickup,
        delivery,
        amount: order.amount.clone(),
        urgency: 1 + order.priority,
    }
}

/// A stop for the solver.
pub fn stop(stop: &Stop) -> TaskStop {
    TaskStop {
        location: stop.row,
        service: stop.setup + stop.service,
        windows: stop.windows.clone(),
    }
}

/// When the rider sets out: with the working hours, but not before the last action.
/// Where neither says anything, just in time for the first window to begin, but not
/// before 0, unless that window begins before it.
fn departure(case: &Case, problem: &Problem) -> i64 {
    let hours = case.rider.window.map(|window| window.start);
    let known = hours.max(case.progress.time());
    known.unwrap_or_else(|| {
        let in_time = |stop: &TaskStop| {
            let begins = stop.windows.first()?.start;
            let travel = problem
                .start
                .map_or(0, |start| problem.travel.get(start, stop.location));
            Some((begins - i64::from(travel)).max(begins.min(0)))
        };
        let both = |order: &'_ Task| {
            order
                .pickup
                .iter()
                .chain([&order.delivery])
                .filter_map(in_time)
                .min()
        };
        problem.orders.iter().filter_map(both).min().unwrap_or(0)
    })
}
