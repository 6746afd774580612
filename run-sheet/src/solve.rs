//! From a problem to an answer.

use crate::{
    Answer, Clock, Improvement, Invalid, Options, Problem, Proof, Schedule, StopReason, Task,
    arcs::Arcs,
    budget::Meter,
    clockwork::Clockwork,
    exact::{
        labels, proof,
        subsets::{self, Subsets},
    },
    instance::{Instance, StopId, task},
    local_search::{self, ByLength, ByTime, Search},
};

/// Units of work of the first round per order, and of later ones.
const FIRST_WORK: u64 = 40_000;
const ROUND_WORK: u64 = 1_000_000;
/// Units of work after which a search without proof ends: about 1.5 s.
const MAX_WORK: u64 = 500_000_000;

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
    if arcs.orders() <= subsets::MAX_ORDERS {
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
    search.spend(&objective, FIRST_WORK * arcs.orders() as u64, meter);
    let lower = proof::prove(arcs, instance, &mut search, meter);
    while lower < search.cost && !meter.is_out_of_time() && meter.work < MAX_WORK {
        search.spend(&objective, ROUND_WORK * arcs.orders() as u64, meter);
    }
    Found {
        lower: arcs.cost(lower),
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

fn by_time(instance: &Instance, options: &Options, meter: &mut Meter) -> Found {
    let clockwork = Clockwork::new(instance);
    let objective = ByTime {
        clockwork: &clockwork,
    };
    let route = local_search::build(&objective);
    let cost = clockwork.cost(&route);
    let mut search = Search::new(route, cost, options.seed, meter.elapsed());
    let orders = instance.orders() as u64;
    let e = |k: &str, d: u64| std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d);
    search.spend(&objective, e("FW", 40_000) * orders, meter);
    #[cfg(feature = "trace")]
    eprintln!("local search {} {:?}", search.cost, meter.elapsed());
    let mut lower = 0;
    if instance.orders() <= subsets::MAX_ORDERS {
        let arcs = Arcs::new(instance);
        let subsets = Subsets::new(&arcs, instance);
        #[cfg(feature = "trace")]
        eprintln!("subsets {:?}", meter.elapsed());
        match labels::search(&clockwork, &arcs, &subsets, search.cost, MAX_WORK, meter) {
            labels::Outcome::Found(route) => {
                let cost = clockwork.cost(&route);
                search.offer(route, cost, meter.elapsed());
                lower = cost;
            }
            labels::Outcome::None => lower = search.cost,
            labels::Outcome::GivenUp => {}
        }
    }
    while lower < search.cost && !meter.is_out_of_time() && meter.work < MAX_WORK {
        search.spend(&objective, ROUND_WORK * orders, meter);
    }
    Found {
        lower,
        found: search
            .found
            .iter()
            .map(|&(elapsed, cost)| Improvement { elapsed, cost })
            .collect(),
        route: search.best,
    }
}
