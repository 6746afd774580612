//! The run sheet as VROOM writes a route.

mod loads;
mod step;

use run_sheet::Answer;
use serde::Serialize;

use crate::{case::Case, plan::Plan, rider::Point};
use loads::Loads;
use step::task_step;
pub use step::{Step, Violation};

/// A route, and what its steps add up to.
#[derive(Debug, Clone, Serialize)]
pub struct Route {
    /// The vehicle's id.
    pub vehicle: u64,
    /// The objective.
    pub cost: i64,
    /// Of the vehicle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Sums of the steps.
    #[serde(flatten)]
    pub sums: Sums,
    /// In their order.
    pub steps: Vec<Step>,
    /// All kinds that occur, with the delays added up.
    pub violations: Vec<Violation>,
}

/// Sums over a route's steps, in seconds where they are times.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Sums {
    /// What is delivered, per dimension.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delivery: Vec<i64>,
    /// The same, for clients of VROOM's first versions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amount: Vec<i64>,
    /// What is picked up, per dimension.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pickup: Vec<i64>,
    /// Before services.
    pub setup: i64,
    /// Of services.
    pub service: i64,
    /// Of travel.
    pub duration: i64,
    /// Of waiting.
    pub waiting_time: i64,
    /// Of the priorities of all tasks.
    pub priority: u32,
}

impl Route {
    /// The route of an answer to the plan.
    pub fn of(case: &Case, plan: &Plan, answer: &Answer) -> Self {
        let mut loads = Loads::at_departure(case, plan);
        let mut sums = Sums::default();
        let mut steps = Vec::with_capacity(answer.schedule.visits.len() + 2);
        let departure = plan.problem.departure;
        let bare = |kind, point: Point, loads: &Loads, arrival, duration, late| Step {
            kind,
            id: None,
            description: None,
            location: point.location,
            location_index: case.places.index(point.row),
            setup: 0,
            service: 0,
            waiting_time: 0,
            load: loads.now().to_vec(),
            arrival,
            duration,
            click_to_door: None,
            violations: Violation::load(loads.too_much())
                .into_iter()
                .chain(Violation::delay(late))
                .collect(),
        };
        let unstarted = case.rider.start.is_none() && loads.too_much();
        steps.extend(
            case.rider
                .start
                .map(|start| bare("start", start, &loads, departure, 0, 0)),
        );
        for visit in &answer.schedule.visits {
            let step = task_step(case, plan, visit, &mut loads, &mut sums);
            steps.push(step);
        }
        let totals = &answer.schedule.totals;
        sums.duration = totals.travel;
        let end = |end| bare("end", end, &loads, totals.finish, totals.travel, totals.overtime);
        steps.extend(case.rider.end.map(end));
        (sums.pickup, sums.delivery) = loads.moved();
        sums.amount.clone_from(&sums.delivery);
        let load = unstarted
            || steps
                .iter()
                .flat_map(|step| &step.violations)
                .any(|one| one.cause == "load");
        Self {
            vehicle: case.rider.id,
            cost: answer.cost,
            description: case.rider.description.clone(),
            sums,
            steps,
            violations: Violation::delay(totals.lateness)
                .into_iter()
                .chain(Violation::load(load))
                .collect(),
        }
    }
}
