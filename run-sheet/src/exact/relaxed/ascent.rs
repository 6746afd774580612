//! Better prices, by subgradient steps.

use super::{
    prices::{Direction, Prices},
    table::Table,
};
use crate::{
    arcs::Arcs,
    budget::Meter,
    instance::{StopId, delivery, pickup},
};

/// What an ascent came to.
#[derive(Debug)]
pub(crate) struct Ascent {
    /// The best lower bound, in scaled lengths.
    pub bound: i64,
    /// Per order: how wrong the relaxed routes did it, later ones counting more.
    pub wrong: Vec<f64>,
}

/// Steps without a better bound until they get shorter.
const PATIENCE: usize = 10;
const SHORTER: f64 = 0.7;
/// How much of the wrongness so far each route keeps.
const MEMORY: f64 = 0.95;

/// Moves the prices for at most so many steps, and leaves the best ones; ends
/// early when the bound reaches the goal. Step lengths as Polyak's: by the
/// distance to the goal over the direction's square.
pub(crate) fn climb(
    arcs: &Arcs,
    table: &mut Table,
    prices: &mut Prices,
    goal: i64,
    steps: usize,
    meter: &mut Meter,
) -> Ascent {
    let mut ascent = Ascent {
        bound: i64::MIN,
        wrong: vec![0.0; arcs.orders()],
    };
    let mut best = prices.clone();
    let mut pace = 1.0;
    let mut since = 0;
    let mut route = Vec::with_capacity(arcs.visits);
    let mut direction = Direction {
        visit: vec![0.0; prices.visit.len()],
        early: vec![0.0; prices.early.len()],
    };
    for _ in 0..steps {
        if meter.is_out_of_time() {
            break;
        }
        meter.work += table.work();
        let fixed = prices.fixed(arcs, &table.is_tracked);
        table.fill(&fixed);
        let bound = table.shortest(&fixed, &mut route);
        if bound > ascent.bound {
            ascent.bound = bound;
            best.clone_from(prices);
            since = 0;
        } else {
            since += 1;
            if since == PATIENCE {
                pace *= SHORTER;
                since = 0;
                prices.clone_from(&best);
            }
        }
        let square = wrongs(arcs, table, &route, prices, &mut direction, &mut ascent.wrong);
        // Nothing is wrong that has a price: this relaxed route is a real one.
        if bound >= goal || square == 0.0 {
            break;
        }
        prices.step(pace * (goal - bound) as f64 / square, &direction);
    }
    prices.clone_from(&best);
    ascent
}

/// What a route does wrong, into the direction and into each order's sum; gives
/// the direction's square.
fn wrongs(
    arcs: &Arcs,
    table: &Table,
    route: &[StopId],
    prices: &Prices,
    direction: &mut Direction,
    wrong: &mut [f64],
) -> f64 {
    let mut square = 0.0;
    direction.visit.fill(1.0);
    route.iter().for_each(|&stop| direction.visit[stop] -= 1.0);
    direction.early.fill(0.0);
    for (order, wrong) in wrong.iter_mut().enumerate() {
        let mut sum = 0.0;
        if table.is_tracked[order] {
            direction.visit[pickup(order)] = 0.0;
            direction.visit[delivery(order)] = 0.0;
        } else {
            if arcs.on_board[order] {
                direction.visit[pickup(order)] = 0.0;
            } else {
                let range = prices.stages_of(order);
                let (early, square_early) = early(
                    route,
                    order,
                    &prices.early[range.clone()],
                    &mut direction.early[range],
                );
                sum += f64::from(u8::from(early));
                square += Direction::EARLY * square_early;
            }
            for stop in [pickup(order), delivery(order)] {
                sum += direction.visit[stop].abs();
                square += direction.visit[stop] * direction.visit[stop];
            }
        }
        *wrong = MEMORY * *wrong + sum;
    }
    square
}

/// By stage: deliveries so far less pickups before. Gives whether the first
/// delivery is before the first pickup, and the square of what can move.
fn early(route: &[StopId], order: usize, prices: &[f64], direction: &mut [f64]) -> (bool, f64) {
    let (mut pickups, mut deliveries) = (0_i32, 0_i32);
    let (mut is_early, mut square) = (false, 0.0);
    for (place, &stop) in route.iter().enumerate() {
        deliveries += i32::from(stop == delivery(order));
        is_early |= deliveries > 0 && pickups == 0;
        let ahead = f64::from(deliveries - pickups);
        direction[place + 1] = ahead;
        if ahead > 0.0 || prices[place + 1] > 0.0 {
            square += ahead * ahead;
        }
        pickups += i32::from(stop == pickup(order));
    }
    (is_early, square)
}
