//! What a problem must obey so that no sum overflows and every index exists.

use crate::{Problem, Stop};

/// Most orders of one problem.
pub const MAX_ORDERS: usize = 1_000;
/// Longest travel or service time, in seconds: 115 days.
pub const MAX_SECONDS: u32 = 10_000_000;
/// Largest weight.
pub const MAX_WEIGHT: i64 = 1_000_000_000_000;
/// Farthest time from 0, in seconds; a window's end beyond it is no end.
const MAX_TIME: i64 = 1 << 40;

/// Why a problem cannot be solved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Too much for one rider.
    #[error("{0} orders are more than {MAX_ORDERS}")]
    TooManyOrders(usize),
    /// A location outside of the matrix.
    #[error("{place}: location {location} is not in the matrix of {size}")]
    Location {
        /// Whose.
        place: String,
        /// The index.
        location: usize,
        /// Rows of the matrix.
        size: usize,
    },
    /// A number that is out of its range.
    #[error("{place}: {problem}")]
    Range {
        /// Which.
        place: String,
        /// What it has to be.
        problem: String,
    },
    /// The objective of a bad route would not fit in 63 bits.
    #[error("the weights are so large that a long route's cost would overflow; make them smaller")]
    Overflow,
}

impl Problem {
    /// Checks indices, ranges and that no sum can overflow.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.orders.len() > MAX_ORDERS {
            return Err(Invalid::TooManyOrders(self.orders.len()));
        }
        range(self.travel.longest() <= MAX_SECONDS, "the travel matrix", || {
            format!("no time may be longer than {MAX_SECONDS} s")
        })?;
        for (place, location) in [("the start", self.start), ("the end", self.end)] {
            self.located(place, location)?;
        }
        for (index, order) in self.orders.iter().enumerate() {
            if let Some(pickup) = &order.pickup {
                self.check_stop(pickup, &format!("pickup of order {index}"))?;
            }
            self.check_stop(&order.delivery, &format!("delivery of order {index}"))?;
            let amounts = order.amount.iter().all(|amount| (0..=1 << 40).contains(amount));
            range(amounts, &format!("amount of order {index}"), || {
                "must be 0 or more, and below 2^40".into()
            })?;
        }
        let times = [Some(self.departure), self.due];
        let near = times.into_iter().flatten().all(|time| time.abs() <= MAX_TIME);
        range(near, "the rider's time window", || "is too far from 0".into())?;
        self.check_weights()
    }

    fn check_stop(&self, stop: &Stop, place: &str) -> Result<(), Invalid> {
        self.located(place, Some(stop.location))?;
        range(stop.service <= MAX_SECONDS, place, || {
            format!("service may be {MAX_SECONDS} s at most")
        })?;
        let mut before = -MAX_TIME - 1;
        for window in &stop.windows {
            let ordered = before < window.start
                && window.start <= window.end
                && window.start <= MAX_TIME
                && window.end <= i64::MAX / 2;
            range(ordered, place, || {
                "windows must follow each other, each start before its end".into()
            })?;
            before = window.end;
        }
        Ok(())
    }

    fn located(&self, place: &str, location: Option<usize>) -> Result<(), Invalid> {
        match location {
            Some(location) if location >= self.travel.size() => Err(Invalid::Location {
                place: place.to_owned(),
                location,
                size: self.travel.size(),
            }),
            _ => Ok(()),
        }
    }

    /// With the longest route and the latest window, everything late.
    fn check_weights(&self) -> Result<(), Invalid> {
        let weights = [self.weights.travel, self.weights.lateness, self.weights.finish];
        for weight in weights {
            range((0..=MAX_WEIGHT).contains(&weight), "weights", || {
                format!("must be 0 to {MAX_WEIGHT}")
            })?;
        }
        let finish = self.latest_finish();
        let travel = self.longest_travel();
        let late = |due: Option<i64>, urgency: u32| {
            let late = due.map_or(0, |due| (finish - due).max(0));
            i128::from(late) * i128::from(urgency)
        };
        let lateness: i128 = late(self.due, 1)
            + self
                .orders
                .iter()
                .map(|order| {
                    let due = |stop: &Stop| stop.windows.last().map(|window| window.end);
                    late(order.pickup.as_ref().and_then(due), order.urgency)
                        + late(due(&order.delivery), order.urgency)
                })
                .sum::<i128>();
        let cost = i128::from(self.weights.travel) * i128::from(travel)
            + i128::from(self.weights.lateness) * lateness
            + i128::from(self.weights.finish) * i128::from(finish - self.departure);
        // The lateness is added up even if it has no weight.
        if cost.max(lateness) > i128::from(i64::MAX / 4) {
            return Err(Invalid::Overflow);
        }
        Ok(())
    }
}

impl Problem {
    /// No route ends later, in seconds: everything as far apart and as late as can be.
    pub(crate) fn latest_finish(&self) -> i64 {
        let service: i64 = self.stops().map(|stop| i64::from(stop.service)).sum();
        let opens = self
            .stops()
            .flat_map(|stop| &stop.windows)
            .map(|window| window.start)
            .max();
        opens.unwrap_or(self.departure).max(self.departure) + self.longest_travel() + service
    }

    /// No route travels longer, in seconds.
    fn longest_travel(&self) -> i64 {
        i64::from(self.travel.longest()) * (self.stops().count() as i64 + 1)
    }

    fn stops(&self) -> impl Iterator<Item = &Stop> {
        self.orders
            .iter()
            .flat_map(|order| order.pickup.iter().chain([&order.delivery]))
    }
}

fn range(ok: bool, place: &str, problem: impl FnOnce() -> String) -> Result<(), Invalid> {
    if ok {
        return Ok(());
    }
    Err(Invalid::Range {
        place: place.to_owned(),
        problem: problem(),
    })
}
