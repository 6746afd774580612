use run_sheet::{Task, Visit};
use serde::Serialize;

use super::{Sums, loads::Loads};
use crate::{
    case::Case,
    order::{Order, Stop},
    plan::Plan,
    value::Location,
};

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
    pub(super) fn delay(seconds: i64) -> Option<Self> {
        let duration = Some(seconds);
        (seconds > 0).then_some(Self {
            cause: "delay",
            duration,
        })
    }

    pub(super) fn load(too_much: bool) -> Option<Self> {
        let duration = None;
        too_much.then_some(Self {
            cause: "load",
            duration,
        })
    }
}

/// The step of a visit; what it adds goes to the loads and the sums.
pub(super) fn task_step(case: &Case, plan: &Plan, visit: &Visit, loads: &mut Loads, sums: &mut Sums) -> Step {
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
