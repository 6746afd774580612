//! The solver against plain programs over all states, where trying every route takes
//! too long.

mod support;

use fastrand::Rng;
use run_sheet::{Answer, Clock, Invalid, Options, Problem, Task, solve};
use std::time::Duration;
use support::{allowed, hard, reference};

/// Never out of time.
struct Stopped;

impl Clock for Stopped {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// As many cases as asked for, or so many.
fn cases(usual: u64) -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let from = number("RUN_SHEET_SEED").unwrap_or(0);
    from..from + number("RUN_SHEET_CASES").unwrap_or(usual)
}

fn check(problem: &Problem, answer: &Answer, least: i64, context: &str) {
    assert_eq!(answer.cost, least, "{context}: {problem:?}");
    assert!(answer.proof.optimal, "{context}: not proven: {problem:?}");
    assert_eq!(answer.proof.lower_bound, least, "{context}");
    assert_eq!(answer.schedule.totals.cost(&problem.weights), least, "{context}");
    let tasks: Vec<Task> = answer.schedule.visits.iter().map(|visit| visit.task).collect();
    for done in 0..tasks.len() {
        assert!(
            allowed(problem, &tasks[..done]).contains(&tasks[done]),
            "{context}"
        );
    }
    assert!(allowed(problem, &tasks).is_empty(), "{context}");
}

#[test]
fn eight_orders_with_everything() {
    let mut solved = 0;
    for case in cases(250) {
        let mut rng = Rng::with_seed(case);
        let problem = hard::problem(rng.usize(5..=8), &mut rng);
        match solve(&problem, &Options::default(), &Stopped) {
            Ok(answer) => {
                check(
                    &problem,
                    &answer,
                    reference::least_cost(&problem),
                    &format!("case {case}"),
                );
                solved += 1;
            }
            Err(invalid) => assert_eq!(invalid, Invalid::Overflow, "case {case}"),
        }
    }
    assert!(solved > 0);
    eprintln!("{solved} solved");
}

#[test]
fn eleven_and_twelve_orders_by_travel() {
    let (mut proven, mut count) = (0, 0);
    for case in cases(6) {
        let mut rng = Rng::with_seed(case);
        let problem = hard::travel_only(rng.usize(11..=12), &mut rng);
        let answer = solve(&problem, &Options::default(), &Stopped).expect("valid");
        let least = reference::least_travel(&problem);
        assert!(
            answer.proof.lower_bound <= least && answer.cost >= least,
            "case {case}"
        );
        if answer.proof.optimal {
            check(&problem, &answer, least, &format!("case {case}"));
            proven += 1;
        }
        count += 1;
    }
    eprintln!("{proven} of {count} proven");
}
