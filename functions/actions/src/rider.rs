//! The one vehicle of a request, checked.

use crate::{
    places::Places,
    request::Vehicle,
    value::{Bad, Location, TimeWindow},
};

/// Who drives.
#[derive(Debug)]
pub struct Rider {
    /// The vehicle's id.
    pub id: u64,
    /// Said back.
    pub description: Option<String>,
    /// Where the route begins, if that is known.
    pub start: Option<Point>,
    /// Where it ends; none: open.
    pub end: Option<Point>,
    /// Per dimension; none: no limit.
    pub capacity: Option<Vec<i64>>,
    /// Working hours.
    pub window: Option<TimeWindow>,
}

/// Where a route begins or ends.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// Said back.
    pub location: Option<Location>,
    /// Its row among the places.
    pub row: usize,
}

impl Point {
    /// Where a recorded action was.
    ///
    /// # Errors
    /// When it is not in the matrix.
    pub fn of(
        location: Option<Location>,
        index: Option<usize>,
        places: &mut Places,
        path: &str,
    ) -> Result<Self, Bad> {
        let row = places.add(location, index, ["location", "location_index"], path)?;
        Ok(Self { location, row })
    }
}

impl Rider {
    /// Checks where the vehicle starts and ends.
    ///
    /// # Errors
    /// When a place is missing or not in the matrix.
    pub fn of(vehicle: Vehicle, places: &mut Places) -> Result<Self, Bad> {
        let mut point = |location: Option<Location>, index: Option<usize>, fields: [&str; 2]| {
            if location.is_none() && index.is_none() {
                return Ok(None);
            }
            let row = places.add(location, index, fields, "vehicles[0]")?;
            Ok(Some(Point { location, row }))
        };
        Ok(Self {
            start: point(vehicle.start, vehicle.start_index, ["start", "start_index"])?,
            end: point(vehicle.end, vehicle.end_index, ["end", "end_index"])?,
            id: vehicle.id,
            description: vehicle.description,
            capacity: vehicle.capacity.map(|capacity| capacity.0),
            window: vehicle.time_window,
        })
    }
}

/// Refuses what would make another route than the one that VROOM means.
///
/// # Errors
/// The first field that cannot be honoured.
pub fn honoured(vehicle: &Vehicle, tasks: usize) -> Result<(), Bad> {
    let refused = [
        (
            "breaks",
            vehicle.breaks.as_ref().is_some_and(|breaks| !breaks.is_empty()),
        ),
        ("max_travel_time", vehicle.max_travel_time.is_some()),
        ("max_distance", vehicle.max_distance.is_some()),
        (
            "costs",
            vehicle.costs.as_ref().is_some_and(|costs| !costs.are_defaults()),
        ),
        (
            "max_tasks",
            vehicle.max_tasks.is_some_and(|most| most < tasks as u64),
        ),
    ];
    let Some((field, _)) = refused.iter().find(|(_, refused)| *refused) else {
        return Ok(());
    };
    let reason = match *field {
        "max_tasks" => "is less than there are, and no order is left out",
        "costs" => "is not supported; see options.weights",
        _ => "is not supported",
    };
    Err(Bad::at(format!("vehicles[0].{field}"), reason))
}
