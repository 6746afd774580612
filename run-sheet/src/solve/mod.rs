//! From a problem to an answer.

mod by_length;
mod by_time;

use crate::{
    Answer, Clock, Improvement, Invalid, Options, Problem, Proof, Schedule, StopReason, Task, arcs,
    budget::Meter,
    instance::{Instance, task},
    local_search::Search,
};

/// Units of work after which a search without a proof ends: about 1.5 s, so that
/// the default budget of 2 s does not cut it short and the answer is the same each
/// time.
const MAX_WORK: u64 = 500_000_000;

/// Finds the best run sheet within the budget.
///
/// However short the budget, there is an answer. It is the same for the same problem
/// and seed, byte for byte but for the times, unless the budget ends the search.
///
/// # Errors
/// If the problem is not [valid](Problem::validate).
pub fn solve(problem: &Problem, options: &Options, clock: &dyn Clock) -> Result<Answer, Invalid> {
    problem.validate()?;
    let instance = Instance::new(problem);
    let mut meter = Meter::new(options, clock);
    if instance.orders() == 0 {
        return Ok(nothing_to_do(problem, &meter));
    }
    let found = if arcs::time_is_free(&instance) {
        by_length::solve(&instance, options.seed, &mut meter)
    } else {
        by_time::solve(&instance, options.seed, &mut meter)
    };
    Ok(found.answer(&instance, &meter))
}

/// From the start to the end.
fn nothing_to_do(problem: &Problem, meter: &Meter) -> Answer {
    let schedule = Schedule::of(problem, &[]);
    let cost = schedule.totals.cost(&problem.weights);
    let elapsed = meter.elapsed();
    Answer {
        schedule,
        cost,
        proof: Proof {
            lower_bound: cost,
            optimal: true,
        },
        stop: StopReason::Optimal,
        elapsed,
        improvements: vec![Improvement { elapsed, cost }],
    }
}

/// What a search comes to.
struct Found {
    search: Search,
    /// What costs the search's costs are, and the lower bound.
    cost: Box<dyn Fn(i64) -> i64>,
    lower: i64,
}

impl Found {
    fn answer(self, instance: &Instance, meter: &Meter) -> Answer {
        let problem = instance.problem;
        let tasks: Vec<Task> = self.search.best.into_iter().map(task).collect();
        let schedule = Schedule::of(problem, &tasks);
        let cost = schedule.totals.cost(&problem.weights);
        let optimal = self.lower >= self.search.cost;
        let lower_bound = if optimal {
            cost
        } else {
            (self.cost)(self.lower).min(cost)
        };
        let improvement = |&(elapsed, cost)| Improvement {
            elapsed,
            cost: (self.cost)(cost),
        };
        Answer {
            cost,
            proof: Proof { lower_bound, optimal },
            stop: match (optimal, meter.is_out_of_time()) {
                (true, _) => StopReason::Optimal,
                (false, true) => StopReason::OutOfTime,
                (false, false) => StopReason::WorkDone,
            },
            elapsed: meter.elapsed(),
            improvements: self.search.found.iter().map(improvement).collect(),
            schedule,
        }
    }
}
