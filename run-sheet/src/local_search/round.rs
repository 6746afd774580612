//! A round of ruin and recreate.

use std::time::Duration;

use fastrand::Rng;

use super::{Objective, first, ruin};
use crate::{
    budget::Meter,
    instance::{StopId, order_of},
};

/// Of the tries that are worse, this share is kept at the beginning of a round, and
/// this one at its end.
const FIRST_SHARE: f64 = 0.8;
const LAST_SHARE: f64 = 0.003;
/// How fast the bar follows what tries are worse by.
const PACE: f64 = 0.1;
/// Units of work of a round, per order.
const ROUND_WORK: u64 = 700_000;
/// Units of work between two looks at the clock.
const WORK_BY_THE_CLOCK: u64 = 50_000;

/// The best route so far, and the random numbers.
#[derive(Debug)]
pub(crate) struct Search {
    rng: Rng,
    pub best: Vec<StopId>,
    pub cost: i64,
    /// What is worse by less is kept.
    bar: f64,
    /// When each better route was found, and its cost.
    pub found: Vec<(Duration, i64)>,
}

impl Search {
    pub fn new(route: Vec<StopId>, cost: i64, seed: u64, elapsed: Duration) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            best: route,
            cost,
            bar: cost as f64,
            found: vec![(elapsed, cost)],
        }
    }

    /// Takes a route that was found elsewhere, if it is better.
    pub fn offer(&mut self, route: Vec<StopId>, cost: i64, elapsed: Duration) {
        if cost < self.cost {
            (self.best, self.cost) = (route, cost);
            self.found.push((elapsed, cost));
        }
    }

    /// Searches for about so many units of work.
    pub fn spend(&mut self, objective: &impl Objective, work: u64, meter: &mut Meter) {
        self.run(objective, (self.best.clone(), self.cost), work, meter);
    }

    /// Rounds until the best route costs no more than the lower bound, or the work or
    /// the time is spent. Many short ones: of fewer and longer ones more end in a
    /// route that is far from the best. Every other one starts anew, or some searches
    /// never leave what is around the first good route (2 % on prob35e).
    pub fn rounds(&mut self, objective: &impl Objective, lower: i64, until: u64, meter: &mut Meter) {
        let round = ROUND_WORK * objective.instance().orders() as u64;
        let mut anew = false;
        while self.cost > lower && !meter.is_out_of_time() && meter.work < until {
            let mut start = (self.best.clone(), self.cost);
            if anew && let Some(route) = first::cheapest(objective, Some(&mut self.rng), meter) {
                let cost = objective.cost(&route);
                start = (route, cost);
            }
            self.run(
                objective,
                start,
                round.min(until.saturating_sub(meter.work)),
                meter,
            );
            anew = !anew;
        }
    }

    /// One round from a route. Accepts as simulated annealing does.
    fn run(
        &mut self,
        objective: &impl Objective,
        (mut current, mut cost): (Vec<StopId>, i64),
        work: u64,
        meter: &mut Meter,
    ) {
        let instance = objective.instance();
        let orders = instance.orders();
        if orders < 2 {
            meter.work += work;
            return;
        }
        let begun = meter.work;
        let mut look = begun;
        let mut trial = Vec::with_capacity(current.len());
        let mut out = Vec::new();
        let mut most = ruin::MOST;
        while meter.work - begun < work {
            if meter.work >= look {
                if meter.is_out_of_time() {
                    return;
                }
                look = meter.work + WORK_BY_THE_CLOCK;
            }
            let spent = meter.work - begun;
            ruin::some(&current, orders, most, &mut self.rng, &mut out);
            trial.clear();
            trial.extend(
                current
                    .iter()
                    .copied()
                    .filter(|&stop| !out.contains(&order_of(stop))),
            );
            for &order in &out {
                let mut skip = || ruin::skips(&mut self.rng);
                let place = objective.place(&trial, order, &mut skip, &mut meter.work);
                place.insert(&mut trial, order, instance.on_board[order]);
            }
            most = ruin::most(out.len(), meter.work - begun - spent);
            let trial_cost = objective.cost(&trial);
            let worse = (trial_cost - cost) as f64;
            if worse > 0.0 {
                let share = share(spent as f64 / work as f64);
                self.bar *= if worse > self.bar {
                    1.0 + PACE * share
                } else {
                    1.0 - PACE * (1.0 - share)
                };
                self.bar = self.bar.max(0.5);
            }
            if worse <= 0.0 || worse < self.bar {
                std::mem::swap(&mut current, &mut trial);
                cost = trial_cost;
                if cost < self.cost {
                    self.cost = cost;
                    self.best.clone_from(&current);
                    self.found.push((meter.elapsed(), cost));
                }
            }
        }
    }
}

/// What share of the worse tries is kept, by how much of the round is done.
fn share(done: f64) -> f64 {
    FIRST_SHARE * (LAST_SHARE / FIRST_SHARE).powf(done)
}
