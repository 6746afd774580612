//! Prices of what relaxed routes do wrong (Lagrangian multipliers).

use super::scale::Scale;
use crate::{
    arcs::Arcs,
    instance::{StopId, delivery, is_delivery, order_of, pickup},
};

/// The prices as the ascent moves them, in scaled lengths.
#[derive(Debug, Clone)]
pub(crate) struct Prices {
    /// Paid back for each visit of a stop, and charged once: balances out if it is
    /// visited once.
    pub visit: Vec<f64>,
    /// By order and stage t from 1: charged if the order's delivery is among the
    /// first t stops, paid back if its pickup is among the first t - 1.
    pub early: Vec<f64>,
    stages: usize,
    limit: f64,
}

impl Prices {
    pub fn zero(arcs: &Arcs, scale: Scale) -> Self {
        let stages = arcs.visits + 2;
        Self {
            visit: vec![0.0; arcs.stops],
            early: vec![0.0; arcs.orders() * stages],
            stages,
            limit: scale.price_limit(arcs),
        }
    }

    /// Where an order's prices for its stages begin.
    pub fn stages_of(&self, order: usize) -> std::ops::Range<usize> {
        order * self.stages..(order + 1) * self.stages
    }

    /// Moves along a direction, and back into the allowed range.
    pub fn step(&mut self, by: f64, direction: &Direction) {
        for (price, direction) in self.visit.iter_mut().zip(&direction.visit) {
            *price = (*price + by * direction).clamp(-self.limit, self.limit);
        }
        // The prices of all stages add up at the first: keep the sum in range.
        let most = self.limit / self.stages as f64;
        for (price, direction) in self.early.iter_mut().zip(&direction.early) {
            *price = (*price + by * Direction::EARLY * direction).clamp(0.0, most);
        }
    }

    /// Rounded, and added up per stop and stage. Prices of tracked orders are left
    /// out: their stops cannot be wrong.
    pub fn fixed(&self, arcs: &Arcs, tracked: &[bool]) -> FixedPrices {
        let mut fixed = FixedPrices {
            stops: arcs.stops,
            stages: self.stages,
            visit: vec![0; arcs.stops],
            early: vec![0; self.early.len()],
            weight: vec![0; self.stages * arcs.stops],
            charged: 0,
        };
        for order in (0..arcs.orders()).filter(|&order| !tracked[order]) {
            let stops = [pickup(order), delivery(order)];
            for stop in stops.into_iter().skip(usize::from(arcs.on_board[order])) {
                fixed.visit[stop] = self.visit[stop].round() as i32;
                fixed.charged += fixed.visit[stop];
            }
            if !arcs.on_board[order] {
                let range = self.stages_of(order);
                add_up(&self.early[range.clone()], &mut fixed.early[range]);
            }
            for stage in 1..=arcs.visits {
                for stop in stops {
                    fixed.weight[stage * arcs.stops + stop] = fixed.paid(stop, stage);
                }
            }
        }
        fixed
    }
}

/// From the last stage to the first: what an early delivery at a stage costs
/// altogether.
fn add_up(prices: &[f64], sums: &mut [i32]) {
    let mut sum = 0.0;
    for (price, fixed) in prices.iter().zip(sums).rev() {
        sum += price;
        *fixed = sum.round() as i32;
    }
}

/// Where to move the prices: by how much a route, or the average of several, does
/// each thing wrong.
#[derive(Debug, Clone)]
pub(crate) struct Direction {
    pub visit: Vec<f64>,
    pub early: Vec<f64>,
}

impl Direction {
    /// How much the prices of early deliveries are moved, against those of visits:
    /// there is one for every stage. From 0.03 to 1 the bounds hardly differ.
    pub const EARLY: f64 = 0.1;
}

/// Prices as the table adds them.
#[derive(Debug)]
pub(crate) struct FixedPrices {
    stops: usize,
    stages: usize,
    visit: Vec<i32>,
    early: Vec<i32>,
    weight: Vec<i32>,
    /// Charged for all visits together, whatever the route does.
    pub charged: i32,
}

impl FixedPrices {
    /// What each stop costs more at a stage.
    pub fn at(&self, stage: usize) -> &[i32] {
        &self.weight[stage * self.stops..][..self.stops]
    }

    /// Paid back for a visit.
    pub fn visit(&self, stop: StopId) -> i32 {
        self.visit[stop]
    }

    /// Charged for a delivery at a stage, if its pickup has not been made.
    pub fn early(&self, order: usize, stage: usize) -> i32 {
        self.early[order * self.stages + stage]
    }

    fn paid(&self, stop: StopId, stage: usize) -> i32 {
        let order = order_of(stop);
        let early = if is_delivery(stop) {
            self.early(order, stage)
        } else {
            -self.early(order, stage + 1)
        };
        early - self.visit[stop]
    }
}
