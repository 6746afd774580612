//! Problems at the edges of what is allowed.

use fastrand::Rng;
use run_sheet::{Matrix, Order, Problem, Stop, Weights, Window};

/// Random, with every feature: late from the start, tight in capacity, with several
/// windows, zero and huge arcs, times below zero.
pub fn problem(orders: usize, rng: &mut Rng) -> Problem {
    let locations = if rng.bool() {
        2 * orders + 2
    } else {
        rng.usize(2..=orders + 2)
    };
    let longest = [1, 3, 60, 600, 600, 3_000, 10_000_000][rng.usize(..7)];
    let zeros = [0, 0, 2, 5][rng.usize(..4)];
    let huge = [0, 0, 0, 1, 3][rng.usize(..5)];
    let travel = matrix(locations, longest, zeros, huge, rng);
    let usual = i64::from(longest).max(2);
    // How long a day all orders share: short ones make everything late.
    let day = usual * [1, orders as i64, 4 * orders as i64][rng.usize(..3)];
    let departure = [0, -usual * 3, -(1 << 39), 1_700_000_000][rng.usize(..4)];
    let windows = rng.u8(..4);
    let service = [1, 1, 60, 300][rng.usize(..4)];
    let boards = [0, 0, 1, 4][rng.usize(..4)];
    let urgency = [2, 2, 4, 1_000][rng.usize(..4)];
    let amount = rng.i64(1..4);
    let stop = |rng: &mut Rng| Stop {
        location: rng.usize(..locations),
        service: rng.u32(..service),
        windows: random_windows(windows, departure, day, rng),
    };
    let orders: Vec<Order> = (0..orders)
        .map(|_| Order {
            pickup: (rng.u8(..8) >= boards).then(|| stop(rng)),
            delivery: stop(rng),
            amount: (0..rng.usize(..3)).map(|_| rng.i64(0..=amount)).collect(),
            urgency: rng.u32(..urgency),
        })
        .collect();
    Problem {
        travel,
        start: rng.u8(..5).ne(&0).then(|| rng.usize(..locations)),
        end: rng.bool().then(|| rng.usize(..locations)),
        departure,
        due: (rng.u8(..3) == 0).then(|| departure + rng.i64(-day..=day)),
        capacity: (0..rng.usize(..3)).map(|_| rng.i64(-1..6)).collect(),
        orders,
        weights: weights(rng),
    }
}

/// Travel only, by distances in the plane or none, for more orders.
pub fn travel_only(orders: usize, rng: &mut Rng) -> Problem {
    let locations = 2 * orders + 2;
    let longest = [3, 60, 1_500, 20_000][rng.usize(..4)];
    let zeros = [0, 3][rng.usize(..2)];
    let huge = [0, 0, 1][rng.usize(..3)];
    let travel = matrix(locations, longest, zeros, huge, rng);
    let boards = [0, 1, 4][rng.usize(..3)];
    let stop = |location| Stop {
        location,
        service: 0,
        windows: Vec::new(),
    };
    let capacity = [2, 3, 5][rng.usize(..3)];
    let orders = (0..orders)
        .map(|order| Order {
            pickup: (rng.u8(..8) >= boards).then(|| stop(2 * order + 2)),
            delivery: stop(2 * order + 3),
            amount: vec![rng.i64(0..3)],
            urgency: 1,
        })
        .collect();
    Problem {
        travel,
        start: rng.u8(..5).ne(&0).then_some(0),
        end: rng.bool().then_some(1),
        departure: 0,
        due: None,
        capacity: rng.bool().then_some(capacity).into_iter().collect(),
        orders,
        weights: Weights::TRAVEL,
    }
}

fn matrix(size: usize, longest: u32, zeros: u8, huge: u8, rng: &mut Rng) -> Matrix {
    let in_plane = rng.bool();
    let at: Vec<(f64, f64)> = (0..size)
        .map(|_| (rng.f64() * f64::from(longest), rng.f64() * f64::from(longest)))
        .collect();
    let mut seconds = Vec::with_capacity(size * size);
    for from in &at {
        for to in &at {
            let odd = rng.u8(..10);
            seconds.push(if odd < zeros {
                0
            } else if odd >= 10 - huge {
                (longest.saturating_mul(50)).min(10_000_000)
            } else if in_plane {
                ((from.0 - to.0).hypot(from.1 - to.1) * 0.7) as u32
            } else {
                rng.u32(..=longest)
            });
        }
    }
    Matrix::new(size, seconds)
}

fn random_windows(kind: u8, departure: i64, day: i64, rng: &mut Rng) -> Vec<Window> {
    let count = match kind {
        0 => 0,
        1 => 1,
        2 => rng.usize(..2),
        _ => rng.usize(..4),
    };
    let mut at = departure - rng.i64(0..=day / 2);
    (0..count)
        .map(|_| {
            let start = at + rng.i64(1..=day);
            let end = start + rng.i64(0..=day / 2);
            at = end;
            Window { start, end }
        })
        .collect()
}

fn weights(rng: &mut Rng) -> Weights {
    match rng.u8(..6) {
        0 => Weights::TRAVEL,
        1 | 2 => Weights::default(),
        3 => Weights {
            travel: 1,
            lateness: 10,
            finish: 0,
        },
        4 => Weights {
            travel: 0,
            lateness: rng.i64(0..3),
            finish: rng.i64(0..2),
        },
        _ => Weights {
            travel: rng.i64(0..5),
            lateness: rng.i64(0..30),
            finish: rng.i64(0..5),
        },
    }
}
