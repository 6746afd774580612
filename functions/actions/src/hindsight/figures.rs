use serde::Serialize;

use crate::{case::Case, plan::released};

/// What a run comes to, in seconds.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Of travel between the stops, by the request's travel times.
    pub travel: i64,
    /// Of stops that began after their last window.
    pub lateness: i64,
    /// From the first action to the beginning of the last stop.
    pub duration: i64,
    /// From assignment to delivery, of all delivered orders.
    pub click_to_door: i64,
    /// The same, of one order on average.
    pub click_to_door_mean: Option<f64>,
    /// Of each order, by its place among all orders.
    #[serde(skip)]
    pub doors: Vec<(usize, i64)>,
}

impl Figures {
    /// Counts the delivery of an order that began at this second.
    pub(super) fn door(&mut self, case: &Case, place: usize, begin: i64, departure: i64) {
        let order = &case.orders[place];
        if order.carries() {
            let since = released(order, case.progress.states[place].assigned, departure);
            let door = (begin - since).max(0);
            self.click_to_door += door;
            self.doors.push((place, door));
        }
    }

    /// Once all deliveries are counted.
    pub(super) fn with_mean(mut self) -> Self {
        let count = self.doors.len();
        self.click_to_door_mean = (count > 0).then(|| self.click_to_door as f64 / count as f64);
        self
    }
}
