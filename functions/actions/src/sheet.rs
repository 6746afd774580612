//! The run sheet as VROOM writes a route.

mod loads;

use run_sheet::{Answer, Task, Visit};
use serde::Serialize;

use crate::{
    case::Case,
    order::{Order, Stop},
    plan::Plan,
    rider::Point,
    value::Location,
};
use loads::Loads;

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

/// One step of a route.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    /// `start`, `pickup`, `delivery`, `job` or `end`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<u64>,
    /// Of the task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// As it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// As it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location_index: Option<usize>,
    /// Seconds.
    pub setup: u32,
    /// Seconds.
    pub service: u32,
    /// Seconds until the setup begins.
    pub waiting_time: i64,
    /// Afterwards, per dimension.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub load: Vec<i64>,
    /// Second at which the rider gets there.
    pub arrival: i64,
    /// Seconds of travel so far.
    pub duration: i64,
    /// Seconds from the order's release to its delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click_to_door: Option<i64>,
    /// What is not as it should be.
    pub violations: Vec<Violation>,
}

/// What is not as it should be, in VROOM's words: `delay`, `load`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which.
    pub cause: &'static str,
    /// Seconds, of a delay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i64>,
}

impl Violation {
    fn delay(seconds: i64) -> Option<Self> {
        let duration = Some(seconds);
        (seconds > 0).then_some(Self {
            cause: "delay",
            duration,
        })
    }

    fn load(too_much: bool) -> Option<Self> {
        let duration = None;
        too_much.then_some(Self {
            cause: "load",
            duration,
        })
    }
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
        let unstarted = if case.rider.start.is_none() {
            loads.too_much()
        } else {
            false
        };
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

fn task_step(case: &Case, plan: &Plan, visit: &Visit, loads: &mut Loads, sums: &mut Sums) -> Step {
    let open = visit.task.order();
    let order: &Order = &case.orders[plan.open[open]];
    let (kind, stop): (_, &Stop) = match (visit.task, &order.pickup) {
        (Task::Pickup(_), Some(pickup)) => ("pickup", pickup),
        (_, Some(_)) => ("delivery", &order.delivery),
        (_, None) => ("job", &order.delivery),
    };
    loads.follow(kind == "pickup", &order.amount);
    sums.setup += i64::from(stop.setup);
    sums.service += i64::from(stop.service);
    sums.waiting_time += visit.waiting;
    sums.duration += i64::from(visit.travel);
    sums.priority += order.priority;
    let begin = visit.arrival + visit.waiting;
    let door = (begin - plan.released(case, open)).max(0);
    Step {
        kind,
        id: Some(stop.id),
        description: stop.description.clone(),
        location: stop.location,
        location_index: case.places.index(stop.row),
        setup: stop.setup,
        service: stop.service,
        waiting_time: visit.waiting,
        load: loads.now().to_vec(),
        arrival: visit.arrival,
        duration: sums.duration,
        click_to_door: (kind != "pickup" && order.carries()).then_some(door),
        violations: Violation::delay(visit.late)
            .into_iter()
            .chain(Violation::load(loads.too_much()))
            .collect(),
    }
}
