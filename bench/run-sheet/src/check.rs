//! Whether an answer of our solver holds.

use anyhow::{bail, ensure};
use run_sheet::{Answer, Problem, Task};

use crate::instance::Best;
use crate::sequence::{cost, fault};

/// The answer's route.
pub fn tasks(answer: &Answer) -> Vec<Task> {
    answer.schedule.visits.iter().map(|visit| visit.task).collect()
}

/// Holds the answer against the problem and what is known of it.
///
/// # Errors
/// If it cannot be driven, does not cost what it says, or says that it knows better
/// than what is proven or was reached.
pub fn check(problem: &Problem, best: Option<Best>, answer: &Answer) -> anyhow::Result<()> {
    let tasks = tasks(answer);
    if let Some(fault) = fault(problem, &tasks) {
        bail!("our route cannot be driven: {fault}");
    }
    let value = cost(problem, &tasks);
    let (said, bound) = (answer.cost, answer.proof.lower_bound);
    ensure!(value == said, "our route costs {value}, not {said}");
    ensure!(
        bound <= value,
        "our bound {bound} is above our own route's {value}"
    );
    ensure!(
        !answer.proof.optimal || bound == value,
        "proven optimal at {value} by a bound of {bound}"
    );
    let Some(best) = best else { return Ok(()) };
    ensure!(
        bound <= best.value,
        "our bound {bound} is above the {} that somebody reached",
        best.value
    );
    ensure!(
        !best.proven || value >= best.value,
        "our {value} is below the proven {}",
        best.value
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use run_sheet::{Answer, Monotonic, Options, Problem, solve};

    use super::check;
    use crate::example;
    use crate::instance::Best;

    fn checked(change: impl FnOnce(&mut Answer), best: Option<Best>) -> bool {
        let problem: Problem = example::problem();
        let options = Options {
            budget: std::time::Duration::from_millis(50),
            ..Options::default()
        };
        let mut answer = solve(&problem, &options, &Monotonic::start()).unwrap();
        (answer.proof.optimal, answer.proof.lower_bound) = (false, 0);
        change(&mut answer);
        check(&problem, best, &answer).is_ok()
    }

    #[test]
    fn an_answer_that_contradicts_itself_or_what_is_proven_is_refused() {
        let best = |value, proven| Some(Best { value, proven });
        assert!(checked(|_| {}, None) && checked(|_| {}, best(1, true)));
        assert!(!checked(|answer| answer.cost -= 1, None));
        assert!(!checked(|answer| answer.proof.optimal = true, None));
        assert!(!checked(
            |answer| answer.proof.lower_bound = answer.cost + 1,
            None
        ));
        assert!(!checked(|answer| answer.proof.lower_bound = 2, best(1, false)));
        assert!(!checked(|_| {}, best(i64::MAX, true)));
        assert!(!checked(|answer| _ = answer.schedule.visits.pop(), None));
    }
}
