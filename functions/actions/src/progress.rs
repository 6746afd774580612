//! What the rider's recorded actions say: what is done, on board and still open.

use std::collections::HashMap;

use crate::{
    order::{Order, Stop},
    places::Places,
    request::{Action, ActionKind},
    rider::Point,
    value::Bad,
};

/// One recorded action, its order found.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// The order's place in the list.
    pub order: usize,
    /// What was done.
    pub kind: ActionKind,
    /// Seconds.
    pub time: i64,
    /// Where the rider was: as it was recorded, else at the stop; none for an
    /// assignment without a position, or with one that does not matter.
    pub at: Option<Point>,
}

/// When what was done with one order, in seconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct State {
    /// Since when it is the rider's.
    pub assigned: Option<i64>,
    /// When it was picked up.
    pub picked_up: Option<i64>,
    /// When it was delivered.
    pub delivered: Option<i64>,
}

/// All that was recorded, oldest first, and what it comes to.
#[derive(Debug, Default)]
pub struct Progress {
    /// The actions.
    pub events: Vec<Event>,
    /// Of each order.
    pub states: Vec<State>,
}

impl Progress {
    /// Follows the actions.
    ///
    /// # Errors
    /// The first that cannot have happened: an unknown order, a time before the
    /// last one's, or a step that does not follow from the steps before.
    pub fn of(actions: &[Action], orders: &[Order], places: &mut Places) -> Result<Self, Bad> {
        let names = names(orders);
        let mut progress = Self {
            events: Vec::with_capacity(actions.len()),
            states: vec![State::default(); orders.len()],
        };
        // Without a matrix only the first position and the last one become places:
        // nothing asks how far it is to the others.
        let usable = |action: &Action| match places.by_index() {
            true => action.location_index.is_some(),
            false => action.location.is_some(),
        };
        let ends = [actions.iter().position(usable), actions.iter().rposition(usable)];
        let usable: Vec<bool> = actions.iter().map(usable).collect();
        for (index, action) in actions.iter().enumerate() {
            let path = format!("actions[{index}]");
            let order = match names.get(&action.order_id) {
                None => Err("is no shipment's and no job's"),
                Some(None) => Err("may mean two orders: their ids have to differ"),
                Some(Some(order)) => Ok(*order),
            };
            let order = order.map_err(|reason| Bad::at(format!("{path}.order_id"), reason))?;
            let time = action.time.0;
            if progress.events.last().is_some_and(|last| time < last.time) {
                let reason = format!("is before that of actions[{}]", index - 1);
                return Err(Bad::at(format!("{path}.time"), reason));
            }
            progress.states[order]
                .follow(action.kind, time, orders[order].pickup.is_none())
                .map_err(|reason| Bad::at(format!("{path}.type"), reason))?;
            progress.events.push(Event {
                order,
                kind: action.kind,
                time,
                at: match usable[index] && (places.by_index() || ends.contains(&Some(index))) {
                    true => Some(Point::of(action.location, action.location_index, places, &path)?),
                    false => stop_of(&orders[order], action.kind).map(|stop| Point {
                        location: stop.location,
                        row: stop.row,
                    }),
                },
            });
        }
        Ok(progress)
    }

    /// Where the rider was last.
    pub fn position(&self) -> Option<Point> {
        self.events.iter().rev().find_map(|event| event.at)
    }

    /// The time of the last action, in seconds.
    pub fn time(&self) -> Option<i64> {
        self.events.last().map(|event| event.time)
    }
}

impl State {
    /// A job may be delivered without having been picked up: it is on board.
    fn follow(&mut self, kind: ActionKind, time: i64, job: bool) -> Result<(), &'static str> {
        if self.delivered.is_some() {
            return Err("follows the order's delivery");
        }
        let wrong = match kind {
            ActionKind::Assigned if self.picked_up.is_some() => Some("follows the order's pickup"),
            ActionKind::Assigned if self.assigned.is_some() => Some("says assigned a second time"),
            ActionKind::PickedUp if self.picked_up.is_some() => Some("says picked_up a second time"),
            ActionKind::Delivered if self.picked_up.is_none() && !job => {
                Some("says delivered, but the order was not picked_up")
            }
            _ => None,
        };
        let when = match kind {
            ActionKind::Assigned => &mut self.assigned,
            ActionKind::PickedUp => &mut self.picked_up,
            ActionKind::Delivered => &mut self.delivered,
        };
        *when = Some(time);
        wrong.map_or(Ok(()), Err)
    }
}

/// Which order each id means: a delivery's, its pickup's or a job's. None where it
/// means two.
fn names(orders: &[Order]) -> HashMap<u64, Option<usize>> {
    let mut names = HashMap::new();
    for (place, order) in orders.iter().enumerate() {
        let ids = order.pickup.iter().map(|pickup| pickup.id).chain([order.id()]);
        for id in ids {
            names
                .entry(id)
                .and_modify(|known: &mut Option<usize>| *known = known.filter(|known| *known == place))
                .or_insert(Some(place));
        }
    }
    names
}

/// Where something is done; an assignment has no stop, and nor has the pickup of a
/// job, which was on board.
pub fn stop_of(order: &Order, kind: ActionKind) -> Option<&Stop> {
    match kind {
        ActionKind::Assigned => None,
        ActionKind::PickedUp => order.pickup.as_ref(),
        ActionKind::Delivered => Some(&order.delivery),
    }
}
