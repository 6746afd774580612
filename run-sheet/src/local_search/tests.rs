//! The cheapest place is the cheapest of all places.

use fastrand::Rng;
use proptest::{prelude::*, test_runner::Config};

use super::{ByLength, ByTime, Objective, Place, first};
use crate::{
    Matrix, Order, Problem, Stop, Weights, Window,
    arcs::{Arcs, time_is_free},
    clockwork::Clockwork,
    instance::{Instance, StopId, order_of},
};

/// Points in the plane: no way is shorter by way of a third point, so that no stop
/// brings a rider anywhere sooner.
fn travel(locations: usize, rng: &mut Rng) -> Matrix {
    let points: Vec<(f64, f64)> = (0..locations)
        .map(|_| (rng.f64() * 900.0, rng.f64() * 900.0))
        .collect();
    let seconds = points.iter().flat_map(|one| {
        let distance = |other: &(f64, f64)| (one.0 - other.0).hypot(one.1 - other.1);
        points.iter().map(move |other| distance(other).ceil() as u32)
    });
    Matrix::new(locations, seconds.collect())
}

fn problem(orders: usize, windows: usize, rng: &mut Rng) -> Problem {
    let locations = 2 * orders + 2;
    let stop = |location, rng: &mut Rng| {
        let mut time = 0;
        let mut later = |most| {
            time += rng.i64(1..most);
            time
        };
        let windows = (0..windows).map(|_| Window {
            start: later(3_000),
            end: later(2_000),
        });
        let windows: Vec<Window> = windows.collect();
        Stop {
            location,
            service: rng.u32(..300),
            windows: if rng.u8(..4) == 0 { Vec::new() } else { windows },
        }
    };
    let orders = (0..orders)
        .map(|order| Order {
            pickup: (rng.u8(..6) > 0).then(|| stop(2 * order + 2, rng)),
            delivery: stop(2 * order + 3, rng),
            amount: vec![rng.i64(0..3)],
            urgency: rng.u32(..3),
        })
        .collect();
    let weights = Weights {
        travel: rng.i64(0..3),
        lateness: rng.i64(0..20),
        finish: rng.i64(0..3),
    };
    Problem {
        travel: travel(locations, rng),
        start: rng.bool().then_some(0),
        end: rng.bool().then_some(1),
        departure: rng.i64(-500..500),
        due: rng.bool().then(|| rng.i64(0..9_000)),
        capacity: rng.bool().then_some(4).into_iter().collect(),
        orders,
        weights: if windows == 0 { Weights::TRAVEL } else { weights },
    }
}

/// A route without the order, and the least that one with it costs.
fn without(instance: &Instance, objective: &impl Objective, order: usize) -> (Vec<StopId>, i64) {
    let mut turn = 0_usize;
    let mut route = first::nearest(instance, |_, to| {
        turn += 1;
        (turn * 31 + to * 17) % 11
    });
    route.retain(|&stop| order_of(stop) != order);
    let on_board = instance.on_board[order];
    let places = (0..=route.len()).flat_map(|pickup| {
        let deliveries = if on_board {
            pickup..=pickup
        } else {
            pickup..=route.len()
        };
        deliveries.map(move |delivery| (pickup, delivery))
    });
    let costs = places.filter_map(|(pickup, delivery)| {
        let place = Place {
            pickup,
            delivery,
            cost: 0,
        };
        let with = inserted(&route, place, order, on_board);
        is_allowed(instance, &with).then(|| objective.cost(&with))
    });
    let least = costs.min().expect("at the end there is room");
    (route, least)
}

fn inserted(route: &[StopId], place: Place, order: usize, on_board: bool) -> Vec<StopId> {
    let mut with = route.to_vec();
    place.insert(&mut with, order, on_board);
    with
}

fn is_allowed(instance: &Instance, route: &[StopId]) -> bool {
    let mut load = vec![0; instance.problem.capacity.len()];
    let mut on_board = 0;
    for order in (0..instance.orders()).filter(|&order| instance.on_board[order]) {
        instance.load(&mut load, order, 1);
        on_board += 1;
    }
    route.iter().all(|&stop| {
        let is_pickup = stop % 2 == 0;
        let allowed = !is_pickup || instance.may_pick_up(order_of(stop), on_board, &load);
        instance.load(&mut load, order_of(stop), if is_pickup { 1 } else { -1 });
        on_board = if is_pickup { on_board + 1 } else { on_board - 1 };
        allowed
    })
}

/// What it costs where the objective would have the order, and what it says it does.
fn check(instance: &Instance, objective: &impl Objective, adds: bool) -> Result<(), TestCaseError> {
    for order in 0..instance.orders() {
        let (route, least) = without(instance, objective, order);
        let place = objective.place(&route, order, &mut || false, &mut 0);
        let with = inserted(&route, place, order, instance.on_board[order]);
        prop_assert!(is_allowed(instance, &with));
        prop_assert_eq!(objective.cost(&with), least);
        let before = if adds { objective.cost(&route) } else { 0 };
        prop_assert_eq!(before + place.cost, least);
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 500, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_place_is_the_cheapest_of_all(orders in 1..9_usize, windows in 0..3_usize, seed: u64) {
        let problem = problem(orders, windows, &mut Rng::with_seed(seed));
        let instance = Instance::new(&problem);
        if time_is_free(&instance) {
            let arcs = Arcs::new(&instance);
            check(&instance, &ByLength { arcs: &arcs, instance: &instance }, true)?;
        } else {
            let clockwork = Clockwork::new(&instance);
            let objective = ByTime::new(&clockwork);
            check(&instance, &objective, objective.single_windows)?;
        }
    }
}
