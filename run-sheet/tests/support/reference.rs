//! The least cost by plain programs over states, without any bound.

use std::collections::HashMap;

use run_sheet::{Problem, Stop, Task};

/// Which orders are picked up (or were on board), which are delivered, and the task
/// done last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct State {
    taken: u32,
    delivered: u32,
    last: Option<Task>,
}

impl State {
    fn first(problem: &Problem) -> Self {
        let on_board = |order: usize| u32::from(problem.orders[order].pickup.is_none()) << order;
        Self {
            taken: (0..problem.orders.len()).map(on_board).sum(),
            delivered: 0,
            last: None,
        }
    }

    fn after(self, task: Task) -> Self {
        let (taken, delivered) = match task {
            Task::Pickup(order) => (self.taken | 1 << order, self.delivered),
            Task::Delivery(order) => (self.taken, self.delivered | 1 << order),
        };
        Self {
            taken,
            delivered,
            last: Some(task),
        }
    }

    /// What may be done next.
    fn next(self, problem: &Problem) -> Vec<Task> {
        let on_board = self.taken & !self.delivered;
        let amount =
            |order: usize, dimension: usize| *problem.orders[order].amount.get(dimension).unwrap_or(&0);
        let fits = |order: usize| {
            problem.capacity.iter().enumerate().all(|(dimension, &capacity)| {
                let mut load = amount(order, dimension);
                for other in 0..problem.orders.len() {
                    if on_board >> other & 1 == 1 {
                        load += amount(other, dimension);
                    }
                }
                load <= capacity
            })
        };
        let mut next = Vec::new();
        for order in 0..problem.orders.len() {
            if on_board >> order & 1 == 1 {
                next.push(Task::Delivery(order));
            } else if self.taken >> order & 1 == 0 && (on_board == 0 || fits(order)) {
                next.push(Task::Pickup(order));
            }
        }
        next
    }
}

fn travel(problem: &Problem, from: Option<Task>, to: Task) -> i64 {
    let from = from.map_or(problem.start, |from| Some(problem.stop(from).location));
    from.map_or(0, |from| {
        i64::from(problem.travel.get(from, problem.stop(to).location))
    })
}

fn travel_home(problem: &Problem, from: Task) -> i64 {
    problem.end.map_or(0, |end| {
        i64::from(problem.travel.get(problem.stop(from).location, end))
    })
}

/// When service begins, and how late that is.
fn begin(stop: &Stop, arrival: i64) -> (i64, i64) {
    let Some(last) = stop.windows.last() else {
        return (arrival, 0);
    };
    for window in &stop.windows {
        if arrival <= window.end {
            return (arrival.max(window.start), 0);
        }
    }
    (arrival, arrival - last.end)
}

/// With all that counts: all ways to each state of which none is both sooner and
/// cheaper than another.
pub fn least_cost(problem: &Problem) -> i64 {
    let weights = problem.weights;
    let visits = problem
        .orders
        .iter()
        .map(|order| 1 + usize::from(order.pickup.is_some()))
        .sum();
    let mut layer: HashMap<State, Vec<(i64, i64)>> = HashMap::new();
    layer.insert(State::first(problem), vec![(problem.departure, 0)]);
    for _ in 0..visits {
        let mut next: HashMap<State, Vec<(i64, i64)>> = HashMap::new();
        for (state, ways) in &layer {
            for task in state.next(problem) {
                let stop = problem.stop(task);
                let seconds = travel(problem, state.last, task);
                let urgency = i64::from(problem.orders[task.order()].urgency);
                let into = next.entry(state.after(task)).or_default();
                for &(time, cost) in ways {
                    let (begin, late) = begin(stop, time + seconds);
                    into.push((
                        begin + i64::from(stop.service),
                        cost + weights.travel * seconds + weights.lateness * (urgency * late),
                    ));
                }
            }
        }
        for ways in next.values_mut() {
            ways.sort_unstable();
            let mut least = i64::MAX;
            ways.retain(|&(_, cost)| {
                let better = cost < least;
                least = least.min(cost);
                better
            });
        }
        layer = next;
    }
    let ends = layer.iter().flat_map(|(state, ways)| {
        let seconds = state.last.map_or(0, |last| travel_home(problem, last));
        ways.iter().map(move |&(time, cost)| {
            let end = time + seconds;
            let over = problem.due.map_or(0, |due| (end - due).max(0));
            cost + weights.travel * seconds
                + weights.lateness * over
                + weights.finish * (end - problem.departure)
        })
    });
    ends.min().expect("has a route")
}

/// Of travel alone: the shortest way to finish from each state.
pub fn least_travel(problem: &Problem) -> i64 {
    let orders = problem.orders.len();
    let mut known = vec![UNKNOWN; 3_usize.pow(orders as u32) * (orders + 1)];
    to_go(problem, State::first(problem), &mut known)
}

const UNKNOWN: i64 = -1;

fn to_go(problem: &Problem, state: State, known: &mut [i64]) -> i64 {
    let orders = problem.orders.len();
    // How far each order is and which was last: 0 waiting, 1 on board, 2 delivered.
    let digit = |order: usize| (state.taken >> order & 1) + (state.delivered >> order & 1);
    let code = (0..orders).fold(0, |code, order| 3 * code + digit(order) as usize);
    let place = code * (orders + 1) + state.last.map_or(orders, Task::order);
    if known[place] == UNKNOWN {
        let ways = state
            .next(problem)
            .into_iter()
            .map(|task| travel(problem, state.last, task) + to_go(problem, state.after(task), known));
        known[place] = match (ways.min(), state.last) {
            (Some(least), _) => least,
            (None, Some(last)) => travel_home(problem, last),
            (None, None) => 0,
        };
    }
    known[place]
}
