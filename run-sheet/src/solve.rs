//! From a problem to an answer.

use crate::{
    Answer, Clock, Improvement, Invalid, Options, Problem, Proof, Schedule, StopReason, Task,
    arcs::Arcs,
    budget::Meter,
    exact::{
        proof,
        subsets::{self, Subsets},
    },
    instance::{Instance, StopId, task},
    local_search::{self, ByLength, ByTime, Round, Search},
};

/// Finds the best run sheet within the budget.
///
/// # Errors
/// If the problem is not [valid](Problem::validate).
pub fn solve(problem: &Problem, options: &Options, clock: &dyn Clock) -> Result<Answer, Invalid> {
    problem.validate()?;
    let instance = Instance::new(problem);
    let mut meter = Meter::new(options, clock);
    let found = match Arcs::of(&instance) {
        Some(arcs) => by_length(&arcs, &instance, options, &mut meter),
        None => by_time(&instance, options, &mut meter),
    };
    Ok(found.answer(&instance, &meter))
}

struct Found {
    route: Vec<StopId>,
    lower: i64,
    found: Vec<Improvement>,
}

impl Found {
    fn answer(self, instance: &Instance, meter: &Meter) -> Answer {
        let problem = instance.problem;
        let tasks: Vec<Task> = self.route.into_iter().map(task).collect();
        let schedule = Schedule::of(problem, &tasks);
        let cost = schedule.totals.cost(&problem.weights);
        let optimal = self.lower >= cost;
        Answer {
            schedule,
            cost,
            proof: Proof {
                lower_bound: self.lower.min(cost),
                optimal,
            },
            stop: match (optimal, meter.is_out_of_time()) {
                (true, _) => StopReason::Optimal,
                (false, true) => StopReason::OutOfTime,
                (false, false) => StopReason::WorkDone,
            },
            elapsed: meter.elapsed(),
            improvements: self.found,
        }
    }
}

fn by_length(arcs: &Arcs, instance: &Instance, options: &Options, meter: &mut Meter) -> Found {
    if arcs.orders() <= subsets::MAX_ORDERS && std::env::var("NOSUB").is_err() {
        let route = Subsets::new(arcs, instance).route(arcs);
        let cost = arcs.cost(arcs.length(&route));
        let found = vec![Improvement {
            elapsed: meter.elapsed(),
            cost,
        }];
        return Found {
            route,
            lower: cost,
            found,
        };
    }
    let objective = ByLength { arcs, instance };
    let route = local_search::build(&objective);
    let length = arcs.length(&route);
    let mut search = Search::new(route, length, options.seed, meter.elapsed());
    let orders = arcs.orders() as u64;
    let e = |k: &str, d: u64| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
    search.run(
        &objective,
        Round {
            tries: e("TRIES", 100) * orders,
            memory: e("MEM", 50) as usize,
        },
        meter,
    );
    #[cfg(feature = "trace")]
    eprintln!("local search {} {:?}", search.cost, meter.elapsed());
    let proven = proof::prove(arcs, instance, search.cost, meter);
    if let Some(route) = proven.better {
        let length = arcs.length(&route);
        search.offer(route, length, meter.elapsed());
    }
    while proven.lower < search.cost && !meter.is_out_of_time() {
        search.run(
            &objective,
            Round {
                tries: 1000 * orders,
                memory: e("MEM2", 500) as usize,
            },
            meter,
        );
    }
    Found {
        lower: arcs.cost(proven.lower),
        found: search
            .found
            .iter()
            .map(|&(elapsed, length)| Improvement {
                elapsed,
                cost: arcs.cost(length),
            })
            .collect(),
        route: search.best,
    }
}

fn by_time(instance: &Instance, _options: &Options, meter: &mut Meter) -> Found {
    let _ = ByTime { instance };
    let route: Vec<StopId> = (0..instance.stops())
        .filter(|&stop| instance.is_visited(stop))
        .collect();
    Found {
        route,
        lower: 0,
        found: vec![Improvement {
            elapsed: meter.elapsed(),
            cost: 0,
        }],
    }
}
