//! Our solver on an instance, timed, and its answer checked.

use std::time::{Duration, Instant};

use run_sheet::{Answer, Monotonic, Options, Problem, StopReason, Task, solve};
use serde::Serialize;

use crate::check::{check, tasks};
use crate::curve::{Curve, ms};
use crate::instance::Best;
use crate::stats::Sample;

/// What our solver came to, all its runs taken together.
#[derive(Debug, Clone, Serialize)]
pub struct Ours {
    /// The worst of the runs.
    pub value: i64,
    /// Proven optimal in each run.
    pub proven: bool,
    /// The least of the runs.
    pub lower_bound: i64,
    /// Of the first run.
    #[serde(serialize_with = "as_debug")]
    pub stop: StopReason,
    /// How many runs there were.
    pub runs: usize,
    /// The fastest run, in milliseconds from call to answer.
    pub min_ms: f64,
    /// The median of the runs, likewise.
    pub elapsed_ms: f64,
    /// When the first route was there: the median of the runs, in milliseconds.
    pub first_ms: f64,
    /// When the last better route was found, likewise.
    pub improved_ms: f64,
    /// How the value of the first run fell.
    #[serde(skip)]
    pub curve: Curve,
    /// The route of the first run.
    #[serde(skip)]
    pub tasks: Vec<Task>,
}

/// Solves the problem `repeat` times, or fewer when that takes longer than the
/// budget of a single run.
///
/// # Errors
/// If an answer cannot be driven, does not cost what it says, or says that it knows
/// better than what is proven.
pub fn measure(
    problem: &Problem,
    best: Option<Best>,
    options: &Options,
    repeat: usize,
) -> anyhow::Result<Ours> {
    let began = Instant::now();
    let mut runs: Vec<(Duration, Answer)> = Vec::new();
    while runs.is_empty() || (runs.len() < repeat && began.elapsed() < options.budget) {
        let begin = Instant::now();
        let answer = solve(problem, options, &Monotonic::start())?;
        runs.push((begin.elapsed(), answer));
    }
    for (_, answer) in &runs {
        check(problem, best, answer)?;
    }
    let times = |of: &dyn Fn(&(Duration, Answer)) -> Duration| {
        Sample::of(runs.iter().map(|run| ms(of(run))).collect::<Vec<_>>())
    };
    let elapsed = times(&|(elapsed, _)| *elapsed);
    let first = times(&|(_, answer)| {
        answer
            .improvements
            .first()
            .map_or(answer.elapsed, |one| one.elapsed)
    });
    let improved = times(&|(_, answer)| {
        answer
            .improvements
            .last()
            .map_or(answer.elapsed, |one| one.elapsed)
    });
    let answers = || runs.iter().map(|(_, answer)| answer);
    let (_, shown) = &runs[0];
    Ok(Ours {
        value: answers().map(|answer| answer.cost).max().unwrap_or_default(),
        proven: answers().all(|answer| answer.proof.optimal),
        lower_bound: answers()
            .map(|answer| answer.proof.lower_bound)
            .min()
            .unwrap_or_default(),
        stop: shown.stop,
        runs: runs.len(),
        min_ms: elapsed.min(),
        elapsed_ms: elapsed.median(),
        first_ms: first.median(),
        improved_ms: improved.median(),
        curve: shown
            .improvements
            .iter()
            .map(|one| (ms(one.elapsed), one.cost))
            .collect(),
        tasks: tasks(shown),
    })
}

fn as_debug<S: serde::Serializer>(stop: &StopReason, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{stop:?}"))
}
