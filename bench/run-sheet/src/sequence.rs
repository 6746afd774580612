//! What a sequence of tasks costs, and whether it can be driven; apart from the
//! solver, so that it is checked by something else than itself.

use run_sheet::{Problem, Task};

/// The objective, as [`run_sheet::Schedule::of`] adds it up, without keeping the
/// times: the legacy shall not lose its two seconds to allocations.
pub fn cost(problem: &Problem, tasks: &[Task]) -> i64 {
    let mut clock = problem.departure;
    let (mut travelled, mut late) = (0, 0);
    let mut here = problem.start;
    let way = |from: Option<usize>, to: usize| from.map_or(0, |from| i64::from(problem.travel.get(from, to)));
    for &task in tasks {
        let stop = problem.stop(task);
        let travel = way(here, stop.location);
        let begin = stop.begin(clock + travel);
        late += stop.lateness(begin) * i64::from(problem.orders[task.order()].urgency);
        travelled += travel;
        clock = begin + i64::from(stop.service);
        here = Some(stop.location);
    }
    if let Some(end) = problem.end {
        let travel = way(here, end);
        travelled += travel;
        clock += travel;
    }
    late += problem.due.map_or(0, |due| (clock - due).max(0));
    let weights = problem.weights;
    weights.travel * travelled + weights.lateness * late + weights.finish * (clock - problem.departure)
}

/// Why the tasks cannot be driven in this sequence; nothing if they can.
pub fn fault(problem: &Problem, tasks: &[Task]) -> Option<String> {
    let all: usize = problem
        .orders
        .iter()
        .map(|order| 1 + usize::from(order.pickup.is_some()))
        .sum();
    if tasks.len() != all {
        return Some(format!("{} tasks instead of {all}", tasks.len()));
    }
    let mut waiting: Vec<bool> = problem
        .orders
        .iter()
        .map(|order| order.pickup.is_some())
        .collect();
    let mut done = vec![false; problem.orders.len()];
    let mut load = vec![0; problem.capacity.len()];
    for (order, _) in problem
        .orders
        .iter()
        .zip(&waiting)
        .filter(|(_, waiting)| !**waiting)
    {
        add(&mut load, &order.amount, 1);
    }
    for &task in tasks {
        let order = task.order();
        let amount = &problem.orders[order].amount;
        let possible = match task {
            Task::Pickup(_) => std::mem::replace(&mut waiting[order], false),
            Task::Delivery(_) => !waiting[order] && !std::mem::replace(&mut done[order], true),
        };
        if !possible {
            return Some(format!("{task:?} is not possible when it is its turn"));
        }
        add(
            &mut load,
            amount,
            if matches!(task, Task::Pickup(_)) { 1 } else { -1 },
        );
        if load
            .iter()
            .zip(&problem.capacity)
            .any(|(load, capacity)| load > capacity)
        {
            return Some(format!("too much on board after {task:?}"));
        }
    }
    None
}

fn add(load: &mut [i64], amount: &[i64], sign: i64) {
    for (load, amount) in load.iter_mut().zip(amount) {
        *load += sign * amount;
    }
}

#[cfg(test)]
mod tests {
    use run_sheet::{Schedule, Task};

    use super::{cost, fault};
    use crate::{example, legacy};

    #[test]
    fn it_costs_what_the_schedule_adds_up_to() {
        let mut problem = example::problem();
        (problem.end, problem.due, problem.weights.finish) = (Some(3), Some(900), 7);
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..200 {
            let tasks = legacy::draw(&problem, &mut random);
            let expected = Schedule::of(&problem, &tasks).totals.cost(&problem.weights);
            assert_eq!(cost(&problem, &tasks), expected, "{tasks:?}");
        }
    }

    #[test]
    fn what_cannot_be_driven_is_found() {
        use Task::{Delivery, Pickup};
        let mut problem = example::problem();
        problem.orders.truncate(2);
        problem.capacity = vec![1];
        let fault = |tasks: &[Task]| fault(&problem, tasks);
        assert_eq!(fault(&[Pickup(0), Delivery(0), Pickup(1), Delivery(1)]), None);
        for wrong in [
            vec![Pickup(0), Delivery(0)],
            vec![Delivery(0), Pickup(0), Pickup(1), Delivery(1)],
            vec![Pickup(0), Delivery(0), Delivery(0), Pickup(1)],
            vec![Pickup(0), Pickup(0), Delivery(0), Delivery(1)],
            vec![Pickup(0), Pickup(1), Delivery(0), Delivery(1)],
        ] {
            assert!(fault(&wrong).is_some(), "{wrong:?}");
        }
    }
}
