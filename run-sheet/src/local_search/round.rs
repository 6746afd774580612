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
const FIRST_SHARE: f64 = 0.7;
const LAST_SHARE: f64 = 0.003;
/// How fast the bar follows what tries are worse by.
const PACE: f64 = 0.1;
/// Units of work of a round, per order.
const ROUND_WORK: u64 = 700_000;
/// Where a try takes more, fewer orders are taken out.
const WORK_OF_A_TRY: u64 = 1_000_000;
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
            let left = (until - meter.work).max(objective.work());
            self.run(objective, start, round.min(left), meter);
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
        let tries = work / objective.work().max(1);
        meter.work += tries * objective.work();
        if orders < 2 {
            return;
        }
        let mut share = FIRST_SHARE;
        let cooling = (LAST_SHARE / FIRST_SHARE).powf(1.0 / tries as f64);
        let mut trial = Vec::with_capacity(current.len());
        let mut out = Vec::new();
        let most = (WORK_OF_A_TRY / objective.work()).clamp(1, ruin::MOST as u64) as usize;
        let often = (WORK_BY_THE_CLOCK / objective.work()).max(1);
        for count in 0..tries {
            if count % often == 0 && meter.is_out_of_time() {
                return;
            }
            ruin::some(&current, orders, most, &mut self.rng, &mut out);
            trial.clear();
            trial.extend(
                current
                    .iter()
                    .copied()
                    .filter(|&stop| !out.contains(&order_of(stop))),
            );
            for &order in &out {
                let place = objective.place(&trial, order, &mut || ruin::skips(&mut self.rng));
                place.insert(&mut trial, order, instance.on_board[order]);
            }
            let trial_cost = objective.cost(&trial);
            let worse = (trial_cost - cost) as f64;
            if worse > 0.0 {
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
            share *= cooling;
        }
    }
}
