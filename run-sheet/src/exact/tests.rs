//! The two exact searches for larger problems against the program over all subsets.

use std::time::Duration;

use proptest::{prelude::*, test_runner::Config};

use super::{Outcome, labels, proof::prove, subsets::Subsets};
use crate::{
    Matrix, Monotonic, Options, Order, Problem, Stop, Weights,
    arcs::Arcs,
    budget::Meter,
    clockwork::Clockwork,
    instance::Instance,
    local_search::{Search, first},
};

/// Travel only: up to seven orders, some on board, with and without capacity, open
/// and closed.
fn problems() -> impl Strategy<Value = Problem> {
    (
        2..=7_usize,
        2..1_500_u32,
        prop::option::of(0..4_i64),
        any::<bool>(),
        any::<u64>(),
    )
        .prop_map(|(orders, longest, capacity, open, seed)| {
            let mut rng = fastrand::Rng::with_seed(seed);
            let locations = 2 * orders + 1;
            let travel = (0..locations * locations).map(|_| rng.u32(..longest)).collect();
            let stop = |location| Stop {
                location,
                service: 0,
                windows: Vec::new(),
            };
            let mut order = |order: usize| Order {
                pickup: rng.u8(..5).ne(&0).then(|| stop(2 * order + 1)),
                delivery: stop(2 * order + 2),
                amount: vec![rng.i64(0..3)],
                urgency: 1,
            };
            Problem {
                travel: Matrix::new(locations, travel),
                start: Some(0),
                end: (!open).then_some(0),
                departure: 0,
                due: None,
                capacity: capacity.into_iter().collect(),
                orders: (0..orders).map(&mut order).collect(),
                weights: Weights::TRAVEL,
            }
        })
}

/// The cost of the route that always goes to the nearest stop, to begin with: all
/// that is better has to be found.
fn nearest(arcs: &Arcs, instance: &Instance) -> Search {
    let route = first::nearest(instance, |route, to| instance.travel(route.last().copied(), to));
    let length = arcs.length(&route);
    Search::new(route, length, 0, Duration::ZERO)
}

proptest! {
    #![proptest_config(Config { cases: 1_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn layers_and_labels_find_what_all_subsets_find(problem in problems()) {
        let instance = Instance::new(&problem);
        let arcs = Arcs::new(&instance);
        let subsets = Subsets::new(&arcs, &instance);
        let shortest = arcs.length(&subsets.route(&arcs));
        let clock = Monotonic::start();
        let options = Options { budget: Duration::from_secs(60), ..Options::default() };
        let mut meter = Meter::new(&options, &clock);

        let mut search = nearest(&arcs, &instance);
        let lower = prove(&arcs, &instance, &mut search, &mut meter);
        prop_assert_eq!((lower, search.cost), (shortest, shortest));
        prop_assert_eq!(arcs.length(&search.best), shortest);

        let clockwork = Clockwork::new(&instance);
        let found = labels::search(&clockwork, &arcs, &subsets, shortest + 1, u64::MAX, &mut meter);
        let Outcome::Found(route) = found else { panic!("there is one") };
        prop_assert_eq!(arcs.length(&route), shortest);
        let found = labels::search(&clockwork, &arcs, &subsets, shortest, u64::MAX, &mut meter);
        prop_assert!(matches!(found, Outcome::None));
    }
}
