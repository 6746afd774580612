use std::collections::BTreeMap;

use serde::Deserialize;

use crate::value::{Amount, Location, Seconds, TimeWindow, UpTo};

/// Something to be picked up at one place and delivered to another.
#[derive(Debug, Default, Deserialize)]
pub struct Shipment {
    /// Where it is picked up.
    pub pickup: Task,
    /// Where it is delivered.
    pub delivery: Task,
    /// What it takes of the capacity.
    pub amount: Option<Amount>,
    /// What the rider has to have.
    pub skills: Option<Vec<u64>>,
    /// Of lateness: each second counts 1 + priority times.
    pub priority: Option<UpTo<100>>,
}

/// A job, or one of a shipment's two stops.
#[derive(Debug, Default, Deserialize)]
pub struct Task {
    /// Unique among jobs, pickups or deliveries.
    pub id: u64,
    /// Said back.
    pub description: Option<String>,
    /// Where it is.
    pub location: Option<Location>,
    /// The same, in the matrix.
    pub location_index: Option<usize>,
    /// Seconds before the service, where the rider was elsewhere before.
    pub setup: Option<Seconds>,
    /// Seconds that it takes.
    pub service: Option<Seconds>,
    /// Instead of `setup`, by the vehicle's type.
    pub setup_per_type: Option<BTreeMap<String, Seconds>>,
    /// Instead of `service`, by the vehicle's type.
    pub service_per_type: Option<BTreeMap<String, Seconds>>,
    /// When it may begin.
    pub time_windows: Option<Vec<TimeWindow>>,
    /// Of a job: what is delivered, on board from the start.
    pub delivery: Option<Amount>,
    /// Of a job: what is taken to the route's end; not honoured.
    pub pickup: Option<Amount>,
    /// Of a job, in VROOM's first versions; not honoured.
    pub amount: Option<Amount>,
    /// Of a job, as in [`Shipment::skills`].
    pub skills: Option<Vec<u64>>,
    /// Of a job, as in [`Shipment::priority`].
    pub priority: Option<UpTo<100>>,
}
