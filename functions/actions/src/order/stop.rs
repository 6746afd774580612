use std::collections::BTreeMap;

use run_sheet::{MAX_SECONDS, Window};

use crate::{
    places::Places,
    request::{Task, Vehicle},
    value::{Bad, Location, Seconds, TimeWindow},
};

/// One stop of an order.
#[derive(Debug)]
pub struct Stop {
    /// Where it stands in the request.
    pub path: String,
    /// Its id in the request.
    pub id: u64,
    /// Said back.
    pub description: Option<String>,
    /// Said back.
    pub location: Option<Location>,
    /// Its row among the places.
    pub row: usize,
    /// Seconds before the service.
    pub setup: u32,
    /// Seconds that it takes.
    pub service: u32,
    /// When it may begin.
    pub windows: Vec<Window>,
}

impl Stop {
    /// Checks a task.
    pub(super) fn of(task: Task, path: &str, vehicle: &Vehicle, places: &mut Places) -> Result<Self, Bad> {
        let fields = ["location", "location_index"];
        let row = places.add(task.location, task.location_index, fields, path)?;
        let typed = |by_type: Option<BTreeMap<String, Seconds>>, plain: Option<Seconds>| {
            let own = by_type.zip(vehicle.kind.as_ref());
            let own = own.and_then(|(by_type, kind)| by_type.get(kind).copied());
            own.or(plain).unwrap_or_default().get()
        };
        let setup = typed(task.setup_per_type, task.setup);
        let service = typed(task.service_per_type, task.service);
        if setup + service > MAX_SECONDS {
            let reason = format!("and setup are more than {MAX_SECONDS} s together");
            return Err(Bad::at(format!("{path}.service"), reason));
        }
        Ok(Self {
            path: path.to_owned(),
            id: task.id,
            description: task.description,
            location: task.location,
            row,
            setup,
            service,
            windows: windows(task.time_windows.unwrap_or_default(), path)?,
        })
    }
}

fn windows(given: Vec<TimeWindow>, path: &str) -> Result<Vec<Window>, Bad> {
    if let Some(place) = given.windows(2).position(|pair| pair[0].end >= pair[1].start) {
        let field = format!("{path}.time_windows[{}]", place + 1);
        return Err(Bad::at(field, "must begin after the window before it has ended"));
    }
    let window = |TimeWindow { start, end }| Window { start, end };
    Ok(given.into_iter().map(window).collect())
}
