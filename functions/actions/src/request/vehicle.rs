use serde::{Deserialize, de::IgnoredAny};

use crate::value::{Amount, Location, TimeWindow};

/// The rider. `steps` is a hint to VROOM's search, and not read.
#[derive(Debug, Default, Deserialize)]
pub struct Vehicle {
    /// Said back.
    pub id: u64,
    /// Which of the matrices is meant; `car` where it is absent.
    pub profile: Option<String>,
    /// Said back.
    pub description: Option<String>,
    /// Where the route begins.
    pub start: Option<Location>,
    /// The same, in the matrix.
    pub start_index: Option<usize>,
    /// Where the route ends; open if absent.
    pub end: Option<Location>,
    /// The same, in the matrix.
    pub end_index: Option<usize>,
    /// No limit if absent.
    pub capacity: Option<Amount>,
    /// What orders may ask for.
    pub skills: Option<Vec<u64>>,
    /// Chooses among the `…_per_type` of tasks.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Working hours; the end is soft.
    pub time_window: Option<TimeWindow>,
    /// Travel times are divided by it.
    pub speed_factor: Option<f64>,
    /// Honoured when all tasks are within it.
    pub max_tasks: Option<u64>,
    /// Not honoured.
    pub breaks: Option<Vec<IgnoredAny>>,
    /// Not honoured.
    pub max_travel_time: Option<IgnoredAny>,
    /// Not honoured.
    pub max_distance: Option<IgnoredAny>,
    /// Not honoured, but where they are VROOM's own defaults.
    pub costs: Option<Costs>,
}

/// What a vehicle costs. Others are unknown to VROOM's documentation.
#[derive(Debug, Default, Deserialize)]
pub struct Costs {
    /// For using it at all; 0 by default.
    pub fixed: Option<u64>,
    /// For an hour of travel; 3600 by default.
    pub per_hour: Option<u64>,
    /// For an hour of a task; 0 by default.
    pub per_task_hour: Option<u64>,
    /// For a kilometre; 0 by default.
    pub per_km: Option<u64>,
}

impl Costs {
    /// Whether travel time is all that costs, as it does without them.
    pub fn are_defaults(&self) -> bool {
        let free = [self.fixed, self.per_task_hour, self.per_km];
        free.iter().all(|cost| cost.unwrap_or(0) == 0) && self.per_hour.unwrap_or(3_600) == 3_600
    }
}
