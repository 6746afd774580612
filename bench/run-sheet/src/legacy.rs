//! The legacy: a loop of exactly two seconds that draws random run sheets and keeps
//! the best, as the actions API had it before it was isolated.
//!
//! It shares nothing with the solver, and is part of nothing but this benchmark.

use std::time::{Duration, Instant};

use fastrand::Rng;
use run_sheet::{Problem, Task};

use crate::curve::{Curve, ms};
use crate::sequence::cost;

/// What the random search came to.
#[derive(Debug, Clone)]
pub struct Found {
    /// The best of the drawn.
    pub tasks: Vec<Task>,
    /// Its objective.
    pub value: i64,
    /// How many were drawn.
    pub drawn: u64,
    /// How the best fell.
    pub curve: Curve,
}

/// Draws until the time is over; at least one.
pub fn search(problem: &Problem, budget: Duration, seed: u64) -> Found {
    let begin = Instant::now();
    let mut random = Rng::with_seed(seed);
    let tasks = draw(problem, &mut random);
    let mut best = Found {
        value: cost(problem, &tasks),
        tasks,
        drawn: 1,
        curve: vec![],
    };
    best.curve.push((ms(begin.elapsed()), best.value));
    while begin.elapsed() < budget {
        let tasks = draw(problem, &mut random);
        let value = cost(problem, &tasks);
        best.drawn += 1;
        if value < best.value {
            (best.tasks, best.value) = (tasks, value);
            best.curve.push((ms(begin.elapsed()), value));
        }
    }
    best
}

/// A sequence that can be driven: each next task is drawn from those that are
/// possible. No order may be larger than the capacity.
pub fn draw(problem: &Problem, random: &mut Rng) -> Vec<Task> {
    let mut free = problem.capacity.clone();
    let mut open: Vec<Task> = Vec::with_capacity(problem.orders.len());
    for (order, what) in problem.orders.iter().enumerate() {
        match what.pickup {
            Some(_) => open.push(Task::Pickup(order)),
            None => {
                open.push(Task::Delivery(order));
                take(&mut free, &what.amount, 1);
            }
        }
    }
    let mut tasks = Vec::with_capacity(2 * open.len());
    while !open.is_empty() {
        let index = random.usize(0..open.len());
        let task = open[index];
        let amount = &problem.orders[task.order()].amount;
        match task {
            Task::Pickup(_) if amount.iter().zip(&free).any(|(amount, free)| amount > free) => continue,
            Task::Pickup(order) => {
                open[index] = Task::Delivery(order);
                take(&mut free, amount, 1);
            }
            Task::Delivery(_) => {
                open.swap_remove(index);
                take(&mut free, amount, -1);
            }
        }
        tasks.push(task);
    }
    tasks
}

fn take(free: &mut [i64], amount: &[i64], sign: i64) {
    for (free, amount) in free.iter_mut().zip(amount) {
        *free -= sign * amount;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use fastrand::Rng;

    use super::{draw, search};
    use crate::example;
    use crate::sequence::{cost, fault};

    #[test]
    fn what_is_drawn_can_be_driven_and_varies() {
        let mut problem = example::problem();
        let mut random = Rng::with_seed(1);
        for capacity in 1..4 {
            problem.capacity = vec![capacity];
            let drawn: Vec<_> = (0..100).map(|_| draw(&problem, &mut random)).collect();
            assert!(drawn.iter().all(|tasks| fault(&problem, tasks).is_none()));
            assert!(drawn.iter().any(|tasks| tasks != &drawn[0]));
        }
    }

    #[test]
    fn orders_on_board_are_delivered_and_take_room() {
        let mut problem = example::problem();
        problem.capacity = vec![2];
        (problem.orders[0].pickup, problem.orders[1].pickup) = (None, None);
        let mut random = Rng::with_seed(2);
        for _ in 0..100 {
            assert_eq!(fault(&problem, &draw(&problem, &mut random)), None);
        }
    }

    #[test]
    fn it_takes_its_time_and_keeps_the_best() {
        let problem = example::problem();
        let found = search(&problem, Duration::from_millis(20), 0);
        assert!(found.drawn > 100 && found.curve.len() > 1);
        assert!(found.curve.is_sorted_by(|a, b| a.0 <= b.0 && a.1 > b.1));
        assert_eq!(found.curve.last().unwrap().1, found.value);
        assert_eq!(cost(&problem, &found.tasks), found.value);
    }
}
