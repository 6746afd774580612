//! The whole answer: VROOM's solution, and what VROOM does not know beside it.

mod history;
mod search;

use std::time::Duration;

use serde::Serialize;

use crate::{
    case::Case,
    hindsight::Past,
    plan::Plan,
    recorder::Recorded,
    search::Found,
    sheet::{Route, Sums, Violation},
};
use history::History;
pub(crate) use search::OPTIMAL;
use search::{Improvement, Proof, UsedWeights, milliseconds, stop_reason};

/// What is answered. Times are seconds where their name says nothing else.
#[derive(Debug, Serialize)]
pub struct Response {
    /// 0, as VROOM says for no error.
    pub code: u8,
    /// Of the one route.
    pub summary: Summary,
    /// No order is ever left out.
    pub unassigned: [u8; 0],
    /// One.
    pub routes: [Route; 1],
    /// What the route adds up to.
    pub totals: Totals,
    /// How good it is known to be.
    pub proof: Proof,
    /// How long the search took.
    pub elapsed_ms: f64,
    /// Why it ended: `optimal`, `work_done`, `out_of_time`.
    pub stop_reason: &'static str,
    /// How the cost fell.
    pub improvements: Vec<Improvement>,
    /// What counted how much.
    pub weights: UsedWeights,
    /// What was done already, against the best that was possible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    /// Whether the actions and the sheet are in the stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Recorded>,
    /// Open orders, for the log and the stream.
    #[serde(skip)]
    pub orders: usize,
}

/// VROOM's summary.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// The objective.
    pub cost: i64,
    /// 1.
    pub routes: usize,
    /// 0.
    pub unassigned: usize,
    /// As the route's.
    #[serde(flatten)]
    pub sums: Sums,
    /// As the route's.
    pub violations: Vec<Violation>,
    /// In milliseconds.
    pub computing_times: ComputingTimes,
}

/// In whole milliseconds.
#[derive(Debug, Serialize)]
pub struct ComputingTimes {
    /// To read and check the request.
    pub loading: u64,
    /// To search.
    pub solving: u64,
    /// There is no routing engine.
    pub routing: u64,
}

/// What a route adds up to, each part apart.
#[derive(Debug, Serialize)]
pub struct Totals {
    /// Of travel.
    pub travel: i64,
    /// Of waiting for windows to begin.
    pub waiting: i64,
    /// Before services.
    pub setup: i64,
    /// Of services.
    pub service: i64,
    /// Of what begins after its last window, and of the route's own.
    pub lateness: i64,
    /// The same, each second as often as 1 + priority says: what the objective counts.
    pub weighted_lateness: i64,
    /// From release to delivery, of all orders.
    pub click_to_door: i64,
    /// The same, of one order on average.
    pub click_to_door_mean: Option<f64>,
    /// Second at which the rider sets out.
    pub departure: i64,
    /// Second at which the route ends.
    pub finish: i64,
}

impl Response {
    /// Without what became of the record.
    pub fn of(case: &Case, plan: &Plan, past: Option<&Past>, found: &Found, loading: Duration) -> Self {
        let answer = &found.answer;
        let route = Route::of(case, plan, answer);
        let looked_back = past.zip(found.past.as_ref());
        Self {
            code: 0,
            summary: Summary {
                cost: answer.cost,
                routes: 1,
                unassigned: 0,
                sums: route.sums.clone(),
                violations: route.violations.clone(),
                computing_times: ComputingTimes {
                    loading: loading.as_millis() as u64,
                    solving: answer.elapsed.as_millis() as u64,
                    routing: 0,
                },
            },
            unassigned: [],
            totals: Totals::of(plan, found, &route),
            routes: [route],
            proof: Proof::of(answer),
            elapsed_ms: milliseconds(answer.elapsed),
            stop_reason: stop_reason(answer.stop),
            improvements: answer.improvements.iter().map(Improvement::of).collect(),
            weights: UsedWeights::of(plan.problem.weights),
            history: looked_back.map(|(past, answer)| History::of(case, past, answer)),
            recorded: None,
            orders: plan.open.len(),
        }
    }
}

impl Totals {
    fn of(plan: &Plan, found: &Found, route: &Route) -> Self {
        let totals = &found.answer.schedule.totals;
        let doors: Vec<i64> = route.steps.iter().filter_map(|step| step.click_to_door).collect();
        let click_to_door = doors.iter().sum::<i64>();
        Self {
            travel: totals.travel,
            waiting: totals.waiting,
            setup: route.sums.setup,
            service: route.sums.service,
            lateness: totals.lateness,
            weighted_lateness: totals.weighted_lateness,
            click_to_door,
            click_to_door_mean: (!doors.is_empty()).then(|| click_to_door as f64 / doors.len() as f64),
            departure: plan.problem.departure,
            finish: totals.finish,
        }
    }
}
