use run_sheet::Answer;
use serde::Serialize;

use super::search::{Proof, milliseconds, stop_reason};
use crate::{
    case::Case,
    hindsight::{Figures, Past},
};

/// What was done already, as it went and at its best.
#[derive(Debug, Serialize)]
pub struct History {
    /// How many orders were delivered.
    pub delivered: usize,
    /// As it went.
    pub actual: Figures,
    /// The best run sheet over the same stops, known what was assigned when.
    pub best: Figures,
    /// Click to door of each delivered order.
    pub click_to_door: Vec<Door>,
    /// How good the best one is known to be.
    pub proof: Proof,
    /// How long that search took.
    pub elapsed_ms: f64,
    /// Why it ended.
    pub stop_reason: &'static str,
}

/// From an order's assignment to its delivery, in seconds.
#[derive(Debug, Serialize)]
pub struct Door {
    /// The shipment's delivery's id, or the job's.
    pub order_id: u64,
    /// As it went.
    pub actual: i64,
    /// On the best run sheet.
    pub best: i64,
}

impl History {
    pub(super) fn of(case: &Case, past: &Past, answer: &Answer) -> Self {
        let best = past.figures(case, &answer.schedule);
        let door = |(place, actual): &(usize, i64)| {
            let same = best.doors.iter().find(|(other, _)| other == place);
            Door {
                order_id: case.orders[*place].id(),
                actual: *actual,
                best: same.map_or(0, |(_, best)| *best),
            }
        };
        Self {
            delivered: past.delivered(),
            click_to_door: past.actual.doors.iter().map(door).collect(),
            actual: past.actual.clone(),
            best,
            proof: Proof::of(answer),
            elapsed_ms: milliseconds(answer.elapsed),
            stop_reason: stop_reason(answer.stop),
        }
    }
}
