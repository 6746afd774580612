//! A request as it is sent: VROOM's fields, and ours beside them.
//!
//! Unknown fields are ignored, as VROOM does, but not in `options` and `actions`,
//! which are ours. No `serde(flatten)`: it would lose the paths of errors.

mod action;
mod options;
mod read;
mod task;
mod vehicle;

use std::collections::BTreeMap;

use serde::{Deserialize, de::IgnoredAny};

pub use action::{Action, ActionKind};
pub use options::{Options, WeightOptions};
pub use read::{ReadError, read};
pub use task::{Shipment, Task};
pub use vehicle::{Costs, Vehicle};

/// The whole body.
#[derive(Debug, Default, Deserialize)]
pub struct Request {
    /// Whose actions these are; the vehicle's id where it is absent.
    pub agent_id: Option<String>,
    /// Exactly one.
    #[serde(default)]
    pub vehicles: Vec<Vehicle>,
    /// Orders on board, and mere stops.
    pub jobs: Option<Vec<Task>>,
    /// Orders to be picked up and delivered.
    pub shipments: Option<Vec<Shipment>>,
    /// Travel times by profile.
    pub matrices: Option<BTreeMap<String, Matrix>>,
    /// Travel times of every profile, as VROOM's first versions had them.
    pub matrix: Option<Vec<Vec<u32>>>,
    /// What VROOM does not know.
    pub options: Option<Options>,
    /// What the rider did so far, oldest first.
    pub actions: Option<Vec<Action>>,
}

/// The travel times of one profile. Distances would only be said back.
#[derive(Debug, Default, Deserialize)]
pub struct Matrix {
    /// Seconds, from row to column.
    pub durations: Option<Vec<Vec<u32>>>,
    /// Not honoured: the objective is `options.weights`.
    pub costs: Option<IgnoredAny>,
}
