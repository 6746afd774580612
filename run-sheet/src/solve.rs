//! From a problem to an answer.

use crate::{Answer, Clock, Improvement, Invalid, Options, Problem, Proof, Schedule, StopReason, Task};

/// Finds the best run sheet within the budget.
///
/// # Errors
/// If the problem is not [valid](Problem::validate).
pub fn solve(problem: &Problem, _options: &Options, clock: &dyn Clock) -> Result<Answer, Invalid> {
    problem.validate()?;
    let tasks: Vec<Task> = problem
        .orders
        .iter()
        .enumerate()
        .flat_map(|(index, order)| {
            order
                .pickup
                .iter()
                .map(move |_| Task::Pickup(index))
                .chain([Task::Delivery(index)])
        })
        .collect();
    let schedule = Schedule::of(problem, &tasks);
    let cost = schedule.totals.cost(&problem.weights);
    let elapsed = clock.elapsed();
    Ok(Answer {
        schedule,
        cost,
        proof: Proof {
            lower_bound: 0,
            optimal: cost == 0,
        },
        stop: StopReason::WorkDone,
        elapsed,
        improvements: vec![Improvement { elapsed, cost }],
    })
}
