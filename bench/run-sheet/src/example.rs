//! A made-up evening, to be drawn: positions and times are our own.

use run_sheet::{Matrix, Order, Problem, Stop, Weights, Window};

/// Metres east and south of the map's corner.
pub type Place = (f64, f64);

/// Where the rider starts.
const START: Place = (2000.0, 1480.0);
/// Metres per second, along streets that are a third longer than the bee line.
const SPEED: f64 = 6.5 / 1.3;
/// Seconds that a stop takes.
const SERVICE: u32 = 60;
/// Seconds from when an order is ready until it is due.
pub const PATIENCE: i64 = 50 * 60;

/// Where each order is picked up and dropped off, and when it is ready, in minutes.
const ORDERS: [(Place, Place, i64); 9] = [
    ((1500.0, 1200.0), (600.0, 480.0), 0),
    ((2060.0, 1080.0), (3350.0, 420.0), 5),
    ((1860.0, 1800.0), (950.0, 2500.0), 2),
    ((2500.0, 1480.0), (3560.0, 1720.0), 10),
    ((1120.0, 1640.0), (330.0, 1500.0), 5),
    ((2340.0, 1980.0), (2950.0, 2620.0), 15),
    ((1440.0, 2080.0), (1800.0, 2700.0), 10),
    ((2860.0, 1020.0), (2330.0, 350.0), 0),
    ((720.0, 1040.0), (1330.0, 380.0), 20),
];

/// The evening; an open route, three orders on board at most, a second of lateness
/// counts as ten of travel.
pub fn problem() -> Problem {
    let places = places();
    let seconds = |from: Place, to: Place| ((to.0 - from.0).hypot(to.1 - from.1) / SPEED).round() as u32;
    let rows = places
        .iter()
        .flat_map(|&from| places.iter().map(move |&to| seconds(from, to)));
    let orders = ORDERS.iter().enumerate().map(|(index, &(_, _, minutes))| {
        let ready = minutes * 60;
        let stop = |location, start, end| Stop {
            location,
            service: SERVICE,
            windows: vec![Window { start, end }],
        };
        Order {
            pickup: Some(stop(2 * index + 1, ready, 1 << 40)),
            delivery: stop(2 * index + 2, 0, ready + PATIENCE),
            amount: vec![1],
            urgency: 1,
        }
    });
    Problem {
        travel: Matrix::new(places.len(), rows.collect()),
        start: Some(0),
        end: None,
        departure: 0,
        due: None,
        capacity: vec![3],
        orders: orders.collect(),
        weights: Weights {
            travel: 1,
            lateness: 10,
            finish: 0,
        },
    }
}

/// Where the matrix' rows are: the start, then pickup and drop-off of
/// each order.
pub fn places() -> Vec<Place> {
    let stops = ORDERS
        .iter()
        .flat_map(|&(pickup, delivery, _)| [pickup, delivery]);
    [START].into_iter().chain(stops).collect()
}
