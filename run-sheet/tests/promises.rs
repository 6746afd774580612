//! What a search promises whatever the clock, the memory and the numbers.

mod support;

use std::{cell::Cell, time::Duration};

use fastrand::Rng;
use run_sheet::{
    Answer, Clock, Invalid, MAX_SECONDS, MAX_WEIGHT, Matrix, Options, Order, Problem, Stop, StopReason, Task,
    Weights, Window, solve,
};
use support::{allowed, hard};

/// Past every budget from a reading on, and at zero before.
struct Jumps {
    at: u64,
    readings: Cell<u64>,
}

impl Jumps {
    fn at(at: u64) -> Self {
        Self {
            at,
            readings: Cell::new(0),
        }
    }
}

impl Clock for Jumps {
    fn elapsed(&self) -> Duration {
        let reading = self.readings.get();
        self.readings.set(reading + 1);
        if reading < self.at {
            Duration::ZERO
        } else {
            Duration::from_secs(3_600)
        }
    }
}

const NEVER: u64 = u64::MAX;

fn check(problem: &Problem, answer: &Answer, context: &str) {
    let tasks: Vec<Task> = tasks(answer);
    for done in 0..tasks.len() {
        assert!(
            allowed(problem, &tasks[..done]).contains(&tasks[done]),
            "{context}: {problem:?}"
        );
    }
    assert!(
        allowed(problem, &tasks).is_empty(),
        "{context}: an order was left"
    );
    assert_eq!(
        answer.schedule.totals.cost(&problem.weights),
        answer.cost,
        "{context}"
    );
    assert!(answer.proof.lower_bound <= answer.cost, "{context}");
    assert_eq!(
        answer.proof.optimal,
        answer.proof.lower_bound == answer.cost,
        "{context}"
    );
    let costs: Vec<i64> = answer.improvements.iter().map(|better| better.cost).collect();
    assert!(costs.is_sorted_by(|a, b| a > b), "{context}: {costs:?}");
    assert_eq!(costs.last(), Some(&answer.cost), "{context}");
}

fn tasks(answer: &Answer) -> Vec<Task> {
    answer.schedule.visits.iter().map(|visit| visit.task).collect()
}

#[test]
fn a_clock_that_runs_out_leaves_a_route() {
    let mut ended = 0;
    for case in 0..400 {
        let mut rng = Rng::with_seed(case);
        let orders = rng.usize(1..=25);
        let problem = if rng.bool() {
            hard::problem(orders, &mut rng)
        } else {
            hard::travel_only(orders, &mut rng)
        };
        let readings = 1 << rng.u32(..12);
        let clock = Jumps::at(rng.u64(..readings));
        let memory = 1 << rng.u32(..30);
        let options = Options {
            memory,
            ..Options::default()
        };
        let Ok(answer) = solve(&problem, &options, &clock) else {
            continue;
        };
        check(&problem, &answer, &format!("case {case}"));
        ended += u64::from(answer.stop == StopReason::OutOfTime);
    }
    assert!(ended > 50, "{ended}");
}

#[test]
fn the_same_twice() {
    for case in 0..6 {
        let mut rng = Rng::with_seed(case);
        let orders = [3, 9, 11, 12][case as usize % 4];
        let problem = if case % 2 == 0 {
            hard::problem(orders, &mut rng)
        } else {
            hard::travel_only(orders, &mut rng)
        };
        let answer = |budget| {
            let options = Options {
                budget: Duration::from_secs(budget),
                ..Options::default()
            };
            solve(&problem, &options, &Jumps::at(NEVER))
                .map(|answer| (answer.cost, tasks(&answer), answer.proof))
        };
        assert_eq!(answer(1), answer(1_000), "case {case}");
    }
}

fn stop(location: usize, windows: &[(i64, i64)]) -> Stop {
    Stop {
        location,
        service: MAX_SECONDS,
        windows: windows
            .iter()
            .map(|&(start, end)| Window { start, end })
            .collect(),
    }
}

/// Orders as far apart and as slow as they may be.
fn far(orders: usize, windows: &[(i64, i64)], urgency: u32, weights: Weights) -> Problem {
    Problem {
        travel: Matrix::new(2, vec![MAX_SECONDS; 4]),
        start: Some(0),
        end: Some(0),
        departure: 0,
        due: None,
        capacity: Vec::new(),
        orders: (0..orders)
            .map(|order| Order {
                pickup: (order != 1).then(|| stop(1, windows)),
                delivery: stop(order % 2, windows),
                amount: vec![1 << 40],
                urgency,
            })
            .collect(),
        weights,
    }
}

#[test]
fn the_largest_numbers_are_solved_or_refused() {
    let far_away = 1 << 40;
    let windows: [&[(i64, i64)]; 6] = [
        &[],
        &[(-far_away, far_away)],
        &[(-far_away, -far_away)],
        &[(far_away, far_away)],
        &[(-far_away, i64::MAX / 2)],
        &[(-far_away, -5), (-4, 5), (far_away, far_away + 1)],
    ];
    let weights = [
        Weights::TRAVEL,
        Weights::default(),
        Weights {
            travel: 0,
            lateness: MAX_WEIGHT,
            finish: 0,
        },
        Weights {
            travel: MAX_WEIGHT,
            lateness: MAX_WEIGHT,
            finish: MAX_WEIGHT,
        },
        Weights {
            travel: 0,
            lateness: 0,
            finish: 0,
        },
    ];
    let mut solved = 0;
    for orders in [1, 2, 3, 6, 11, 14] {
        for windows in windows {
            for weights in weights {
                for urgency in [0, 1, u32::MAX] {
                    for capacity in [None, Some(i64::MIN), Some(0), Some(i64::MAX)] {
                        for departure in [-far_away, 0, far_away] {
                            let problem = Problem {
                                capacity: capacity.into_iter().collect(),
                                departure,
                                due: (urgency == 1).then_some(departure),
                                ..far(orders, windows, urgency, weights)
                            };
                            match solve(&problem, &Options::default(), &Jumps::at(30)) {
                                Ok(answer) => {
                                    check(&problem, &answer, "");
                                    solved += 1;
                                }
                                Err(invalid) => assert_eq!(invalid, Invalid::Overflow),
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(solved > 1_000, "{solved}");
}

/// The bound on what delays cost looks beyond the latest finish.
#[test]
fn a_route_that_is_hardly_late_at_the_largest_weight() {
    let weights = Weights {
        travel: 0,
        lateness: MAX_WEIGHT,
        finish: 0,
    };
    let mut problem = far(1, &[], 1, weights);
    problem.due = Some(5 * i64::from(MAX_SECONDS) - 1);
    let answer = solve(&problem, &Options::default(), &Jumps::at(NEVER)).expect("valid");
    check(&problem, &answer, "");
    assert_eq!((answer.cost, answer.proof.optimal), (MAX_WEIGHT, true));
}

/// Urgency and weight do not fit together, but nothing is ever late.
#[test]
fn urgency_without_anything_late() {
    let weights = Weights {
        travel: 1,
        lateness: MAX_WEIGHT,
        finish: 1,
    };
    let problem = far(3, &[(1, i64::MAX / 2)], u32::MAX, weights);
    let answer = solve(&problem, &Options::default(), &Jumps::at(NEVER)).expect("valid");
    check(&problem, &answer, "");
    assert!(answer.proof.optimal);
}

/// Lateness without weight is added up nevertheless.
#[test]
fn lateness_that_cannot_be_added_up_is_refused() {
    let problem = far(3, &[(-1 << 40, -1 << 40)], u32::MAX, Weights::TRAVEL);
    let answer = solve(&problem, &Options::default(), &Jumps::at(NEVER));
    assert_eq!(answer.err(), Some(Invalid::Overflow));
}

#[test]
fn without_limits_of_capacity_or_with_the_lowest() {
    let mut problem = far(3, &[], 1, Weights::TRAVEL);
    problem.capacity = vec![i64::MIN];
    let answer = solve(&problem, &Options::default(), &Jumps::at(NEVER)).expect("valid");
    check(&problem, &answer, "");
    assert!(answer.proof.optimal);
}

/// One order needs no search, and no memory ends one.
#[test]
fn without_memory_it_ends() {
    for orders in [1, 2] {
        for (windows, weights) in [
            (&[][..], Weights::TRAVEL),
            (
                &[(1 << 35, 1 << 36)][..],
                Weights {
                    travel: 1,
                    lateness: 1,
                    finish: 1,
                },
            ),
        ] {
            let problem = far(orders, windows, 1, weights);
            let options = Options {
                memory: 0,
                ..Options::default()
            };
            let answer = solve(&problem, &options, &Jumps::at(NEVER)).expect("valid");
            check(&problem, &answer, "");
        }
    }
}

/// With very many orders even a first bound must not take all pairs of stops.
#[test]
fn a_thousand_orders_without_time() {
    let mut rng = Rng::with_seed(1);
    let locations = 100;
    let travel = (0..locations * locations).map(|_| rng.u32(..3_600)).collect();
    let mut stop = || Stop {
        location: rng.usize(..locations),
        service: 60,
        windows: vec![Window {
            start: 0,
            end: rng.i64(0..10_000),
        }],
    };
    let problem = Problem {
        travel: Matrix::new(locations, travel),
        start: Some(0),
        end: None,
        departure: 0,
        due: None,
        capacity: Vec::new(),
        orders: (0..1_000)
            .map(|_| Order {
                pickup: Some(stop()),
                delivery: stop(),
                amount: Vec::new(),
                urgency: 1,
            })
            .collect(),
        weights: Weights {
            travel: 1,
            lateness: 10,
            finish: 0,
        },
    };
    let options = Options {
        budget: Duration::ZERO,
        ..Options::default()
    };
    let clock = run_sheet::Monotonic::start();
    let answer = solve(&problem, &options, &clock).expect("valid");
    assert_eq!(answer.schedule.visits.len(), 2_000);
    // The closure of all pairs takes more than 10 s, this 0.1 s.
    assert!(clock.elapsed() < Duration::from_secs(3), "{:?}", clock.elapsed());
}

/// Where a delay is paid for at the route's end alone, no place can be ruled out
/// before the route has been followed to there.
#[test]
fn a_thousand_orders_that_are_paid_for_at_the_end() {
    let mut rng = Rng::with_seed(2);
    let locations = 100;
    let travel = (0..locations * locations).map(|_| rng.u32(1..3_600)).collect();
    let mut stop = || Stop {
        location: rng.usize(..locations),
        service: 60,
        windows: Vec::new(),
    };
    let problem = Problem {
        travel: Matrix::new(locations, travel),
        start: Some(0),
        end: None,
        departure: 0,
        due: Some(1),
        capacity: Vec::new(),
        orders: (0..1_000)
            .map(|_| Order {
                pickup: Some(stop()),
                delivery: stop(),
                amount: Vec::new(),
                urgency: 1,
            })
            .collect(),
        weights: Weights {
            travel: 0,
            lateness: 1,
            finish: 0,
        },
    };
    let options = Options {
        budget: Duration::from_millis(500),
        ..Options::default()
    };
    let clock = run_sheet::Monotonic::start();
    let answer = solve(&problem, &options, &clock).expect("valid");
    assert_eq!(answer.schedule.visits.len(), 2_000);
    assert!(clock.elapsed() < Duration::from_secs(3), "{:?}", clock.elapsed());
}
