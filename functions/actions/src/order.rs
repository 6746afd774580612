//! What has to be delivered, checked.

use std::collections::{BTreeMap, HashSet};

use run_sheet::{MAX_SECONDS, Window};

use crate::{
    places::Places,
    request::{Shipment, Task, Vehicle},
    value::{Amount, Bad, Location, Seconds, TimeWindow},
};

/// One order, or one mere stop.
#[derive(Debug)]
pub struct Order {
    /// Where it stands in the request.
    pub path: String,
    /// Where it is picked up; none for a job, which is on board.
    pub pickup: Option<Stop>,
    /// Where it is delivered, or the job.
    pub delivery: Stop,
    /// What it takes of the capacity.
    pub amount: Vec<i64>,
    /// Of lateness: a second counts 1 + priority times.
    pub priority: u32,
}

/// One stop of an order.
#[derive(Debug)]
pub struct Stop {
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

impl Order {
    /// What actions call it.
    pub fn id(&self) -> u64 {
        self.delivery.id
    }

    /// Whether there is something to deliver, and not only a place to be at.
    pub fn carries(&self) -> bool {
        self.pickup.is_some() || !self.amount.is_empty()
    }

    /// Its stops, with their paths.
    pub fn stops(&self) -> impl Iterator<Item = (String, &Stop)> {
        let path = |name: &str| match self.pickup {
            Some(_) => format!("{}.{name}", self.path),
            None => self.path.clone(),
        };
        let pickup = self.pickup.iter().map(move |stop| (path("pickup"), stop));
        pickup.chain([(path("delivery"), &self.delivery)])
    }

    /// Checks a shipment.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn shipment(
        given: Shipment,
        index: usize,
        vehicle: &Vehicle,
        places: &mut Places,
    ) -> Result<Self, Bad> {
        let path = format!("shipments[{index}]");
        has_skills(vehicle, given.skills.as_deref(), &path)?;
        let mut stop = |task, name| Stop::of(task, &format!("{path}.{name}"), vehicle, places);
        Ok(Self {
            pickup: Some(stop(given.pickup, "pickup")?),
            delivery: stop(given.delivery, "delivery")?,
            amount: amount(given.amount),
            priority: given.priority.unwrap_or_default().0 as u32,
            path,
        })
    }

    /// Checks a job.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub fn job(mut given: Task, index: usize, vehicle: &Vehicle, places: &mut Places) -> Result<Self, Bad> {
        let path = format!("jobs[{index}]");
        has_skills(vehicle, given.skills.as_deref(), &path)?;
        let takes = |amount: &Option<Amount>| amount.iter().flat_map(|amount| &amount.0).any(|one| *one > 0);
        if takes(&given.pickup) {
            let reason = "is not supported: make it a shipment, to where it is taken";
            return Err(Bad::at(format!("{path}.pickup"), reason));
        }
        if takes(&given.amount) {
            let reason = "is not supported on a job: say delivery for what is on board";
            return Err(Bad::at(format!("{path}.amount"), reason));
        }
        Ok(Self {
            pickup: None,
            amount: amount(given.delivery.take()),
            priority: given.priority.unwrap_or_default().0 as u32,
            delivery: Stop::of(given, &path, vehicle, places)?,
            path,
        })
    }
}

impl Stop {
    fn of(task: Task, path: &str, vehicle: &Vehicle, places: &mut Places) -> Result<Self, Bad> {
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

fn amount(given: Option<Amount>) -> Vec<i64> {
    given.unwrap_or_default().0
}

/// Elsewhere the order would be left to another vehicle; here there is none.
fn has_skills(vehicle: &Vehicle, needed: Option<&[u64]>, path: &str) -> Result<(), Bad> {
    let own = vehicle.skills.as_deref().unwrap_or_default();
    if needed.unwrap_or_default().iter().all(|skill| own.contains(skill)) {
        return Ok(());
    }
    let reason = "has one that vehicles[0] has not, and no order is left out";
    Err(Bad::at(format!("{path}.skills"), reason))
}

/// Ids are unique among pickups, among deliveries and among jobs, as in VROOM.
///
/// # Errors
/// Where the second one of two stands.
pub fn unique_ids(orders: &[Order]) -> Result<(), Bad> {
    let (mut pickups, mut deliveries, mut jobs) = (HashSet::new(), HashSet::new(), HashSet::new());
    for order in orders {
        let path = &order.path;
        let (seen, at) = match &order.pickup {
            Some(pickup) if !pickups.insert(pickup.id) => (false, format!("{path}.pickup.id")),
            Some(_) => (deliveries.insert(order.id()), format!("{path}.delivery.id")),
            None => (jobs.insert(order.id()), format!("{path}.id")),
        };
        if !seen {
            return Err(Bad::at(at, "occurs twice"));
        }
    }
    Ok(())
}
