//! The solver against every route there is, with all features on at random.

mod support;

use proptest::{prelude::*, test_runner::Config};
use run_sheet::{Monotonic, Options, Schedule, StopReason, Task, solve};
use support::{allowed, brute_force, problems};

proptest! {
    #![proptest_config(Config { cases: 10_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_best_sheet_is_found_and_proven(problem in problems(5)) {
        let answer = solve(&problem, &Options::default(), &Monotonic::start()).expect("valid");
        prop_assert!(answer.proof.optimal);
        prop_assert_eq!(answer.stop, StopReason::Optimal);
        prop_assert_eq!(answer.cost, brute_force(&problem));
        prop_assert_eq!(answer.proof.lower_bound, answer.cost);

        let tasks: Vec<Task> = answer.schedule.visits.iter().map(|visit| visit.task).collect();
        for done in 0..tasks.len() {
            prop_assert!(allowed(&problem, &tasks[..done]).contains(&tasks[done]));
        }
        prop_assert!(allowed(&problem, &tasks).is_empty(), "an order was left");
        prop_assert_eq!(&Schedule::of(&problem, &tasks), &answer.schedule);
        prop_assert_eq!(answer.schedule.totals.cost(&problem.weights), answer.cost);
        let costs: Vec<i64> = answer.improvements.iter().map(|improvement| improvement.cost).collect();
        prop_assert!(costs.is_sorted_by(|a, b| a > b), "the curve only falls: {:?}", costs);
        prop_assert_eq!(costs.last(), Some(&answer.cost));
    }
}
