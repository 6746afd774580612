//! A whole request, checked: nothing behind it can fail for what the client sent,
//! but for the sums of the objective.

use std::collections::HashMap;

use run_sheet::MAX_ORDERS;
use shared::id;

use crate::{
    order::{self, Order},
    places::Places,
    progress::Progress,
    request::{Action, Options, Request, Vehicle},
    rider::{self, Rider},
    value::Bad,
    ways,
};

/// What is asked for.
#[derive(Debug)]
pub struct Case {
    /// Whose actions these are.
    pub agent_id: String,
    /// Who drives.
    pub rider: Rider,
    /// Shipments, then jobs.
    pub orders: Vec<Order>,
    /// Where everything is.
    pub places: Places,
    /// What was recorded, as it was sent.
    pub actions: Vec<Action>,
    /// What that comes to.
    pub progress: Progress,
    /// How to search.
    pub options: Options,
}

/// Why a request is no case.
#[derive(Debug, PartialEq, Eq)]
pub enum CaseError {
    /// A field makes no sense, or cannot be honoured.
    Bad(Bad),
    /// More orders than one rider can have.
    TooManyOrders(usize),
}

impl From<Bad> for CaseError {
    fn from(bad: Bad) -> Self {
        Self::Bad(bad)
    }
}

impl Case {
    /// Checks a request.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn of(mut request: Request) -> Result<Self, CaseError> {
        if request
            .options
            .as_ref()
            .is_some_and(|options| options.c == Some(true))
        {
            let reason = "is not supported: the order of the stops is what is answered";
            return Err(Bad::at("options.c", reason).into());
        }
        let ways = ways::of(&mut request)?;
        let vehicle = only(request.vehicles)?;
        let shipments = request.shipments.unwrap_or_default();
        let jobs = request.jobs.unwrap_or_default();
        let count = shipments.len() + jobs.len();
        if count > MAX_ORDERS {
            return Err(CaseError::TooManyOrders(count));
        }
        rider::honoured(&vehicle, 2 * shipments.len() + jobs.len())?;
        let mut places = Places::new(ways);
        let mut orders = Vec::with_capacity(count);
        for (index, shipment) in shipments.into_iter().enumerate() {
            orders.push(Order::shipment(shipment, index, &vehicle, &mut places)?);
        }
        for (index, job) in jobs.into_iter().enumerate() {
            orders.push(Order::job(job, index, &vehicle, &mut places)?);
        }
        order::unique_ids(&orders)?;
        let agent_id = request.agent_id.unwrap_or_else(|| vehicle.id.to_string());
        let agent_id = id::checked(agent_id).map_err(|reason| Bad::at("agent_id", reason))?;
        let mut rider = Rider::of(vehicle, &mut places)?;
        same_dimensions(&rider, &orders)?;
        let actions = request.actions.unwrap_or_default();
        let progress = Progress::of(&actions, &orders, &mut places)?;
        rider.start = rider.start.or(progress.position());
        if rider.start.is_none() && rider.end.is_none() {
            let reason = "is missing; give it, an end, or an action that says where the rider was";
            return Err(Bad::at("vehicles[0].start", reason).into());
        }
        setups_are_certain(&rider, &orders)?;
        Ok(Self {
            agent_id,
            rider,
            orders,
            places,
            actions,
            progress,
            options: request.options.unwrap_or_default(),
        })
    }
}

fn only(vehicles: Vec<Vehicle>) -> Result<Vehicle, Bad> {
    let count = vehicles.len();
    let mut vehicles = vehicles.into_iter();
    match (vehicles.next(), vehicles.next()) {
        (Some(vehicle), None) => Ok(vehicle),
        (None, _) => Err(Bad::at("vehicles", "is empty; it must hold the one rider")),
        _ => {
            let reason = format!(
                "there are {count}; a run sheet is for one rider: remove vehicles[1] and all after it"
            );
            Err(Bad::at("vehicles", reason))
        }
    }
}

fn same_dimensions(rider: &Rider, orders: &[Order]) -> Result<(), Bad> {
    let of_orders = || orders.iter().filter(|order| !order.amount.is_empty());
    let expected = match &rider.capacity {
        Some(capacity) => Some(capacity.len()),
        None => of_orders().next().map(|order| order.amount.len()),
    };
    let differs = |order: &&Order| Some(order.amount.len()) != expected;
    let Some(order) = of_orders().find(differs) else {
        return Ok(());
    };
    let (name, expected) = (
        if order.pickup.is_some() {
            "amount"
        } else {
            "delivery"
        },
        expected.unwrap_or(0),
    );
    let reason = format!(
        "has {} numbers; the capacity, or the first amount, has {expected}",
        order.amount.len()
    );
    Err(Bad::at(format!("{}.{name}", order.path), reason))
}

/// VROOM counts a setup only where the rider comes from another place. Where no
/// other stop is at the place that is always so; anywhere else it would depend on
/// the order of the stops, which the solver's model has no words for.
fn setups_are_certain(rider: &Rider, orders: &[Order]) -> Result<(), Bad> {
    let stops = || orders.iter().flat_map(Order::stops);
    let mut visits: HashMap<usize, usize> = HashMap::new();
    for row in stops()
        .map(|stop| stop.row)
        .chain(rider.start.map(|start| start.row))
    {
        *visits.entry(row).or_default() += 1;
    }
    let Some(stop) = stops().find(|stop| stop.setup > 0 && visits[&stop.row] > 1) else {
        return Ok(());
    };
    let reason = "is only supported where no other stop and no start is at the same place; make it service";
    Err(Bad::at(format!("{}.setup", stop.path), reason))
}
