//! The search, and how its time is shared.

use std::time::Duration;

use run_sheet::{Answer, Invalid, Monotonic, Options, Problem};

use crate::{case::Case, error::ActionError, hindsight::Past, plan::Plan, response::Response};

/// The part of the time that looking back may take; what it leaves goes on.
const SHARE_OF_PAST: u32 = 4;

/// Solves a problem; tests put in their own.
pub type Solve = fn(&Problem, &Options) -> Result<Answer, Invalid>;

/// The solver, on the machine's clock.
///
/// # Errors
/// When the problem is not valid.
pub fn solve(problem: &Problem, options: &Options) -> Result<Answer, Invalid> {
    run_sheet::solve(problem, options, &Monotonic::start())
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    /// For what is still to be done.
    pub answer: Answer,
    /// For what was done already.
    pub past: Option<Answer>,
}

/// Looks back first, as that is mostly a matter of milliseconds, and then ahead.
/// It keeps a thread busy for up to the budget.
///
/// # Errors
/// When the solver takes a problem for invalid.
pub fn search(solve: Solve, plan: &Plan, past: Option<&Past>, options: Options) -> Result<Found, Invalid> {
    let share = Options {
        budget: options.budget / SHARE_OF_PAST,
        ..options
    };
    let past = past.map(|past| solve(&past.problem, &share)).transpose()?;
    let taken = past.as_ref().map_or(Duration::ZERO, |past| past.elapsed);
    let left = Options {
        budget: options.budget.saturating_sub(taken),
        ..options
    };
    let answer = solve(&plan.problem, &left)?;
    Ok(Found { answer, past })
}

/// Searches on a thread of its own, which took `loading` to get ready for, and says
/// what was found.
///
/// # Errors
/// [`ActionError::SearchFailed`], which may not happen: the problems were checked.
pub async fn beside(
    solve: Solve,
    case: &Case,
    (plan, past): (Plan, Option<Past>),
    options: Options,
    loading: Duration,
) -> Result<Response, ActionError> {
    let search = move || search(solve, &plan, past.as_ref(), options).map(|found| (plan, past, found));
    match tokio::task::spawn_blocking(search).await {
        Ok(Ok((plan, past, found))) => Ok(Response::of(case, &plan, past.as_ref(), &found, loading)),
        Ok(Err(_)) | Err(_) => Err(ActionError::SearchFailed),
    }
}
