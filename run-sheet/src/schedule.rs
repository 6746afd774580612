//! What a sequence of tasks comes to: times, loads and the objective.

use crate::{Order, Problem, Stop, Task, Weights};

/// A route with its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The tasks in their order.
    pub visits: Vec<Visit>,
    /// Load at departure, per dimension: what is on board.
    pub initial_load: Vec<i64>,
    /// What it adds up to.
    pub totals: Totals,
}

/// One task of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// What is done.
    pub task: Task,
    /// Second at which the rider gets there.
    pub arrival: i64,
    /// Seconds of travel from the task before.
    pub travel: u32,
    /// Seconds until service begins.
    pub waiting: i64,
    /// Seconds that service begins after it was due.
    pub late: i64,
    /// Seconds of service.
    pub service: u32,
    /// Load afterwards, per dimension.
    pub load: Vec<i64>,
}

/// Sums over a route, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Of travel, the way to the route's end included.
    pub travel: i64,
    /// Of waiting for windows to begin.
    pub waiting: i64,
    /// Of service.
    pub service: i64,
    /// Of lateness, each second once whatever the order's urgency.
    pub lateness: i64,
    /// Of lateness, each second as often as the order's urgency says, and the
    /// route's own once: what the objective counts.
    pub weighted_lateness: i64,
    /// Seconds that the route ends after it was due; part of the lateness.
    pub overtime: i64,
    /// When the route ends: after the last service, and after the way to its end.
    pub finish: i64,
    /// From departure to finish.
    pub duration: i64,
}

impl Totals {
    /// The objective.
    pub fn cost(&self, weights: &Weights) -> i64 {
        weights.travel * self.travel
            + weights.lateness * self.weighted_lateness
            + weights.finish * self.duration
    }
}

impl Schedule {
    /// Follows the tasks from departure to the end.
    ///
    /// It assumes a sequence that can be driven: each delivery once, and after its
    /// pickup.
    pub fn of(problem: &Problem, tasks: &[Task]) -> Self {
        let mut load = initial_load(problem);
        let initial_load = load.clone();
        let mut totals = Totals::default();
        let mut clock = problem.departure;
        let mut here = problem.start;
        let mut visits = Vec::with_capacity(tasks.len());
        for &task in tasks {
            let stop = problem.stop(task);
            let order = &problem.orders[task.order()];
            let travel = here.map_or(0, |here| problem.travel.get(here, stop.location));
            let arrival = clock + i64::from(travel);
            let begin = stop.begin(arrival);
            let late = stop.lateness(begin);
            carry(&mut load, task, order);
            totals.travel += i64::from(travel);
            totals.waiting += begin - arrival;
            totals.service += i64::from(stop.service);
            totals.lateness += late;
            totals.weighted_lateness += late * i64::from(order.urgency);
            visits.push(Visit {
                task,
                arrival,
                travel,
                waiting: begin - arrival,
                late,
                service: stop.service,
                load: load.clone(),
            });
            clock = begin + i64::from(stop.service);
            here = Some(stop.location);
        }
        if let (Some(here), Some(end)) = (here, problem.end) {
            let travel = i64::from(problem.travel.get(here, end));
            totals.travel += travel;
            clock += travel;
        }
        totals.overtime = problem.due.map_or(0, |due| (clock - due).max(0));
        totals.lateness += totals.overtime;
        totals.weighted_lateness += totals.overtime;
        totals.finish = clock;
        totals.duration = clock - problem.departure;
        Self {
            visits,
            initial_load,
            totals,
        }
    }
}

impl Stop {
    /// When service begins after an arrival: at once, at the start of the first
    /// window that is not over, or late.
    pub fn begin(&self, arrival: i64) -> i64 {
        let open = self.windows.iter().find(|window| arrival <= window.end);
        open.map_or(arrival, |window| arrival.max(window.start))
    }

    /// Seconds that a beginning of service is after the last window's end.
    pub fn lateness(&self, begin: i64) -> i64 {
        self.windows
            .last()
            .map_or(0, |window| (begin - window.end).max(0))
    }
}

fn initial_load(problem: &Problem) -> Vec<i64> {
    let mut load = vec![0; problem.capacity.len()];
    let on_board = problem.orders.iter().filter(|order| order.pickup.is_none());
    for order in on_board {
        add(&mut load, order, 1);
    }
    load
}

fn carry(load: &mut [i64], task: Task, order: &Order) {
    match task {
        Task::Pickup(_) => add(load, order, 1),
        Task::Delivery(_) => add(load, order, -1),
    }
}

fn add(load: &mut [i64], order: &Order, sign: i64) {
    for (load, amount) in load.iter_mut().zip(&order.amount) {
        *load += sign * amount;
    }
}
