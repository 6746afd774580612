//! A round of ruin and recreate.

use std::time::Duration;

use fastrand::Rng;

use super::{Objective, ruin};
use crate::{
    budget::Meter,
    instance::{StopId, order_of},
};

/// One place in so many is left out.
const SKIP_ONE_IN: u32 = 64;

/// The best route so far, and the random numbers.
#[derive(Debug)]
pub(crate) struct Search {
    rng: Rng,
    pub best: Vec<StopId>,
    pub cost: i64,
    /// When each better route was found, and its cost.
    pub found: Vec<(Duration, i64)>,
}

/// How a round goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    /// Routes that are tried.
    pub tries: u64,
    /// A route is kept if it is not worse than the one so many tries ago.
    pub memory: usize,
}

impl Search {
    pub fn new(route: Vec<StopId>, cost: i64, seed: u64, elapsed: Duration) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            best: route,
            cost,
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

    /// Searches from the best route.
    pub fn run(&mut self, objective: &impl Objective, round: Round, meter: &mut Meter) {
        let instance = objective.instance();
        let orders = instance.orders();
        if orders < 2 {
            return;
        }
        let (mut current, mut cost) = (self.best.clone(), self.cost);
        let mut before = vec![cost; round.memory];
        let mut trial = Vec::with_capacity(current.len());
        let mut out = Vec::new();
        for count in 0..round.tries {
            if count % 64 == 0 && meter.is_out_of_time() {
                return;
            }
            ruin::some(&current, orders, &mut self.rng, &mut out);
            trial.clear();
            trial.extend(
                current
                    .iter()
                    .copied()
                    .filter(|&stop| !out.contains(&order_of(stop))),
            );
            for &order in &out {
                let place = objective.place(&trial, order, &mut || self.rng.u32(..SKIP_ONE_IN) == 0);
                place.insert(&mut trial, order, instance.on_board[order]);
            }
            let trial_cost = objective.cost(&trial);
            let slot = &mut before[count as usize % round.memory];
            if trial_cost <= *slot || trial_cost <= cost {
                std::mem::swap(&mut current, &mut trial);
                cost = trial_cost;
                if cost < self.cost {
                    self.cost = cost;
                    self.best.clone_from(&current);
                    self.found.push((meter.elapsed(), cost));
                }
            }
            *slot = cost.min(*slot);
        }
    }
}
