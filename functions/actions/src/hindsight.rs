//! What the rider did, against the best that was possible with the same orders.

mod figures;

use run_sheet::{
    Matrix, Order as Task, Problem, Schedule, Stop as TaskStop, Task as Visited, Weights, Window,
};

use crate::{
    case::Case,
    order::Stop,
    plan::{stop, task},
    progress::{self, Event},
    request::ActionKind,
    value::{Bad, NO_END},
    weights,
};
pub use figures::Figures;

/// The past, as a problem and as it went.
#[derive(Debug)]
pub struct Past {
    /// The same orders, the rider being where and when the record begins.
    pub problem: Problem,
    /// Places of its orders among all orders, and whether each was delivered.
    orders: Vec<(usize, bool)>,
    /// As it went.
    pub actual: Figures,
}

impl Past {
    /// What the actions say, or nothing when no stop is done yet; `travel` is between
    /// all places of the case.
    ///
    /// # Errors
    /// When a sum could overflow.
    pub fn of(case: &Case, travel: &Matrix) -> Result<Option<Self>, Bad> {
        let done: Vec<&Event> = case
            .progress
            .events
            .iter()
            .filter(|event| stop_of(case, event).is_some())
            .collect();
        let (Some(first), Some(begin)) = (done.first(), case.progress.events.first()) else {
            return Ok(None);
        };
        let departure = begin.time;
        let orders: Vec<(usize, bool)> = (0..case.orders.len())
            .filter(|place| done.iter().any(|event| event.order == *place))
            .map(|place| (place, case.progress.states[place].delivered.is_some()))
            .collect();
        let before = case
            .progress
            .events
            .iter()
            .take_while(|event| !std::ptr::eq(*event, *first));
        let start = before.chain([*first]).find_map(|event| event.at).map(|at| at.row);
        let mut problem = Problem {
            travel: travel.clone(),
            start,
            end: None,
            departure,
            due: None,
            capacity: case.rider.capacity.clone().unwrap_or_default(),
            orders: orders.iter().map(|order| past_task(case, *order)).collect(),
            weights: Weights::default(),
        };
        weights::set(&mut problem, case.options.weights)?;
        let actual = actual(case, &problem, &done);
        Ok(Some(Self {
            problem,
            orders,
            actual,
        }))
    }

    /// How many orders were delivered.
    pub fn delivered(&self) -> usize {
        self.orders.iter().filter(|(_, delivered)| *delivered).count()
    }

    /// What a schedule of the problem comes to.
    pub fn figures(&self, case: &Case, schedule: &Schedule) -> Figures {
        let mut figures = Figures {
            travel: schedule.totals.travel,
            ..Figures::default()
        };
        for visit in &schedule.visits {
            let begin = visit.arrival + visit.waiting;
            figures.duration = begin - self.problem.departure;
            let (place, delivered) = self.orders[visit.task.order()];
            let order = &case.orders[place];
            let pickup = order
                .pickup
                .as_ref()
                .filter(|_| matches!(visit.task, Visited::Pickup(_)) || !delivered);
            figures.lateness += late(pickup.unwrap_or(&order.delivery), begin);
            if pickup.is_none() {
                figures.door(case, place, begin, self.problem.departure);
            }
        }
        figures.with_mean()
    }
}

/// As it went. Travel is by the request's times and not by the clock, so that it
/// compares with the best one's.
fn actual(case: &Case, problem: &Problem, done: &[&Event]) -> Figures {
    let mut figures = Figures::default();
    let mut here = problem.start;
    for event in done {
        let Some(stop) = stop_of(case, event) else {
            continue;
        };
        figures.travel += here.map_or(0, |here| i64::from(problem.travel.get(here, stop.row)));
        figures.lateness += late(stop, event.time);
        figures.duration = event.time - problem.departure;
        if event.kind == ActionKind::Delivered {
            figures.door(case, event.order, event.time, problem.departure);
        }
        here = Some(stop.row);
    }
    figures.with_mean()
}

fn stop_of<'a>(case: &'a Case, event: &Event) -> Option<&'a Stop> {
    progress::stop_of(&case.orders[event.order], event.kind)
}

fn late(stop: &Stop, begin: i64) -> i64 {
    stop.windows
        .last()
        .map_or(0, |window| (begin - window.end).max(0))
}

/// An order that is on board still is a stop at its pickup alone. Its load is left
/// out, as if there were always room for it, so that nothing better was possible.
fn past_task(case: &Case, (place, delivered): (usize, bool)) -> Task {
    let order = &case.orders[place];
    let pickup = order.pickup.as_ref().map(|pickup| TaskStop {
        windows: not_before(case.progress.states[place].assigned, &pickup.windows),
        ..stop(pickup)
    });
    match pickup {
        Some(pickup) if !delivered => Task {
            amount: Vec::new(),
            ..task(order, None, pickup)
        },
        pickup => task(order, pickup, stop(&order.delivery)),
    }
}

/// Nobody picks up what is not theirs yet. Where all windows were over by then, the
/// stop is late from the assignment on, which differs by a constant only.
fn not_before(assigned: Option<i64>, windows: &[Window]) -> Vec<Window> {
    let Some(assigned) = assigned else {
        return windows.to_vec();
    };
    let from = |window: &Window| Window {
        start: window.start.max(assigned),
        end: window.end,
    };
    let open: Vec<Window> = windows
        .iter()
        .map(from)
        .filter(|window| window.start <= window.end)
        .collect();
    if !open.is_empty() {
        return open;
    }
    let end = if windows.is_empty() { NO_END } else { assigned };
    vec![Window { start: assigned, end }]
}
