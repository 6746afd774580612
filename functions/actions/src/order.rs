//! What has to be delivered, checked.

mod stop;

use std::collections::HashSet;

use crate::{
    places::Places,
    request::{Shipment, Task, Vehicle},
    value::{Amount, Bad},
};
pub use stop::Stop;

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

impl Order {
    /// What actions call it.
    pub fn id(&self) -> u64 {
        self.delivery.id
    }

    /// Whether there is something to deliver, and not only a place to be at.
    pub fn carries(&self) -> bool {
        self.pickup.is_some() || !self.amount.is_empty()
    }

    /// Its stops.
    pub fn stops(&self) -> impl Iterator<Item = &Stop> {
        self.pickup.iter().chain([&self.delivery])
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
