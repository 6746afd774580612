//! Random problems, and every route of a small one.
#![allow(dead_code)]

pub mod hard;
pub mod reference;

use proptest::prelude::*;
use run_sheet::{Matrix, Order, Problem, Schedule, Stop, Task, Weights, Window};

/// Problems of up to so many orders with all features on at random.
pub fn problems(most: usize) -> impl Strategy<Value = Problem> {
    (0..=most).prop_flat_map(|orders| {
        let locations = 2 * orders + 2;
        let travel = prop_oneof![
            prop::collection::vec(0..1_000_u32, locations * locations),
            // Ties.
            prop::collection::vec(0..4_u32, locations * locations),
        ];
        (
            travel,
            prop::option::weighted(0.8, Just(0)),
            prop::option::weighted(0.5, Just(1)),
            (
                prop::collection::vec(order(), orders),
                prop::collection::vec(0..locations, 2 * orders),
            ),
            prop::option::weighted(0.3, 0..6_000_i64),
            prop::collection::vec(0..6_i64, 0..3),
            weights(),
            0..500_i64,
        )
            .prop_map(
                move |(travel, start, end, (mut orders, places), due, capacity, weights, departure)| {
                    for (order, places) in orders.iter_mut().zip(places.chunks(2)) {
                        order.delivery.location = places[0];
                        if let Some(pickup) = &mut order.pickup {
                            pickup.location = places[1];
                        }
                    }
                    Problem {
                        travel: Matrix::new(locations, travel),
                        start,
                        end,
                        departure,
                        due,
                        capacity,
                        orders,
                        weights,
                    }
                },
            )
    })
}

fn order() -> impl Strategy<Value = Order> {
    (
        prop::option::weighted(0.75, stop()),
        stop(),
        prop::collection::vec(0..5_i64, 0..3),
        0..4_u32,
    )
        .prop_map(|(pickup, delivery, amount, urgency)| Order {
            pickup,
            delivery,
            amount,
            urgency,
        })
}

fn stop() -> impl Strategy<Value = Stop> {
    (0..300_u32, windows()).prop_map(|(service, windows)| Stop {
        location: 0,
        service,
        windows,
    })
}

fn windows() -> impl Strategy<Value = Vec<Window>> {
    prop_oneof![
        3 => Just(Vec::new()),
        4 => (0..2_000_i64, 0..2_000_i64).prop_map(|(start, length)| vec![Window { start, end: start + length }]),
        1 => prop::collection::vec(1..700_i64, 4).prop_map(|steps| {
            let at = |steps: &[i64]| steps.iter().sum();
            vec![
                Window { start: at(&steps[..1]), end: at(&steps[..2]) },
                Window { start: at(&steps[..3]), end: at(&steps) },
            ]
        }),
    ]
}

fn weights() -> impl Strategy<Value = Weights> {
    prop_oneof![
        Just(Weights::TRAVEL),
        Just(Weights::default()),
        (0..3_i64, 0..20_i64, 0..3_i64).prop_map(|(travel, lateness, finish)| Weights {
            travel,
            lateness,
            finish
        }),
    ]
}

/// The least cost of all routes that the rules allow.
pub fn brute_force(problem: &Problem) -> i64 {
    let mut best = i64::MAX;
    extend(problem, &mut Vec::new(), &mut best);
    best
}

fn extend(problem: &Problem, tasks: &mut Vec<Task>, best: &mut i64) {
    let next: Vec<Task> = allowed(problem, tasks);
    if next.is_empty() {
        let cost = Schedule::of(problem, tasks).totals.cost(&problem.weights);
        *best = cost.min(*best);
    }
    for task in next {
        tasks.push(task);
        extend(problem, tasks, best);
        tasks.pop();
    }
}

/// Deliveries of what is on board; pickups if the load afterwards is within the
/// capacity, or if nothing is on board.
pub fn allowed(problem: &Problem, tasks: &[Task]) -> Vec<Task> {
    let is_on_board = |order: usize| {
        let picked_up = problem.orders[order].pickup.is_none() || tasks.contains(&Task::Pickup(order));
        picked_up && !tasks.contains(&Task::Delivery(order))
    };
    let on_board: Vec<usize> = (0..problem.orders.len())
        .filter(|&order| is_on_board(order))
        .collect();
    let fits = |order: usize| {
        problem.capacity.iter().enumerate().all(|(dimension, capacity)| {
            let amount = |order: &usize| problem.orders[*order].amount.get(dimension).copied().unwrap_or(0);
            on_board.iter().chain([&order]).map(amount).sum::<i64>() <= *capacity
        })
    };
    (0..problem.orders.len())
        .filter_map(|order| {
            if on_board.contains(&order) {
                return Some(Task::Delivery(order));
            }
            let done = tasks.contains(&Task::Delivery(order));
            (!done && (on_board.is_empty() || fits(order))).then_some(Task::Pickup(order))
        })
        .collect()
}
