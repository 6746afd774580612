//! What a route costs at least from a moment on.
//!
//! Three parts that add up: the shortest way to make the stops that are left, by
//! the table over all subsets; the finish, which is no earlier than that way and all
//! service take; and lateness, the larger of two bounds. One takes each stop by
//! itself, as if the rider went straight there. The other one knows that stops are
//! made one after another: the k-th delivery from now is no earlier than the
//! shortest k arcs take, and the sum of lateness is least when deliveries are made
//! in the order in which they are due.

use super::{
    distances::{shortest, soonest},
    earliest::{Earliest, ToGo},
    subsets::Subsets,
};
use crate::{
    arcs::Arcs,
    clockwork::{Clockwork, Moment},
    instance::{StopId, delivery, order_of, pickup},
};

#[derive(Debug)]
pub(crate) struct Bound<'a> {
    clockwork: &'a Clockwork<'a>,
    arcs: &'a Arcs,
    subsets: &'a Subsets,
    earliest: Earliest,
    /// Shortest seconds from the end of service at a stop to an arrival, by any
    /// other stops.
    shortest: Vec<i64>,
    /// Seconds that the k stops soonest made take, at least.
    soonest: Vec<i64>,
    /// Deliveries by when they are due.
    by_due: Vec<StopId>,
    /// The least that a second of lateness of a delivery costs.
    cheapest: i64,
}

impl<'a> Bound<'a> {
    /// For routes that cost less than `below`.
    pub fn new(clockwork: &'a Clockwork<'a>, arcs: &'a Arcs, subsets: &'a Subsets, below: i64) -> Self {
        let deliveries = || (0..arcs.orders()).map(delivery);
        let mut by_due: Vec<StopId> = deliveries()
            .filter(|&stop| clockwork.due(stop).is_some())
            .collect();
        by_due.sort_by_key(|&stop| clockwork.due(stop));
        let costs = deliveries().map(|stop| clockwork.due(stop).map_or(0, |(_, late)| late));
        Self {
            clockwork,
            arcs,
            subsets,
            earliest: Earliest::new(clockwork, arcs, subsets, below),
            shortest: shortest(clockwork),
            soonest: soonest(clockwork),
            cheapest: costs.min().unwrap_or(0),
            by_due,
        }
    }

    /// The bound after a stop that led to a state, for any moment; none where no route
    /// that is wanted goes on.
    pub fn after(&self, state: usize, last: StopId) -> Option<Ahead<'_>> {
        let least = self.earliest.to_go(state, last)?;
        let subsets = self.subsets;
        let digit = |order| subsets.digit(state, order);
        let travel = i64::from(subsets.to_go(state, last));
        let service: i64 = subsets.left(state).map(|stop| self.clockwork.service(stop)).sum();
        let to = |to: StopId| self.shortest[last * self.arcs.stops + to];
        let alone = (0..self.arcs.orders())
            .filter(|&order| digit(order) < 2)
            .map(|order| match digit(order) {
                0 => Left {
                    to: to(pickup(order)),
                    pickup: Some(pickup(order)),
                    delivery: delivery(order),
                },
                _ => Left {
                    to: to(delivery(order)),
                    pickup: None,
                    delivery: delivery(order),
                },
            });
        let on_board = (0..self.arcs.orders()).filter(|&order| digit(order) == 1).count();
        let left = self.by_due.iter().filter(|&&stop| digit(order_of(stop)) < 2);
        let queued = left.enumerate().map(|(made, &stop)| {
            // What is on board first, then a pickup with each delivery.
            let stops = (made + 1) + (made + 1).saturating_sub(on_board);
            (
                self.soonest[stops],
                self.clockwork.due(stop).map_or(i64::MAX, |(due, _)| due),
            )
        });
        Some(Ahead {
            state,
            least,
            travel,
            duration: travel + service - self.clockwork.start().time,
            alone: alone.collect(),
            queued: if self.cheapest > 0 {
                queued.collect()
            } else {
                Vec::new()
            },
            bound: self,
        })
    }
}

/// What is left to do from a state on.
pub(crate) struct Ahead<'a> {
    pub state: usize,
    bound: &'a Bound<'a>,
    least: ToGo,
    travel: i64,
    duration: i64,
    alone: Vec<Left>,
    /// For each delivery, as they are due: the soonest it can be after now, and when
    /// the one in its place is due.
    queued: Vec<(i64, i64)>,
}

/// An order that is not delivered.
struct Left {
    /// Seconds to its next stop.
    to: i64,
    pickup: Option<StopId>,
    delivery: StopId,
}

impl Ahead<'_> {
    /// The cost of every route that goes on from a moment, at least.
    pub fn at_least(&self, at: Moment) -> i64 {
        let plain = self.bound.clockwork.plain(self.travel, at.time + self.duration);
        let late = self.alone(at).max(self.queued(at));
        let passed = self.least.iter().filter(|(from, _)| at.time >= *from);
        let least = passed.map(|&(_, least)| least).max();
        at.cost + least.unwrap_or(0).max(plain + late)
    }

    /// Each order by itself.
    fn alone(&self, at: Moment) -> i64 {
        let clockwork = self.bound.clockwork;
        let late = |left: &Left| {
            let mut sum = 0;
            let mut arrival = at.time + left.to;
            if let Some(pickup) = left.pickup {
                let begin = clockwork.begin(pickup, arrival);
                sum += clockwork.lateness_cost(pickup, begin);
                arrival = begin
                    + clockwork.service(pickup)
                    + self.bound.shortest[pickup * self.bound.arcs.stops + left.delivery];
            }
            sum + clockwork.lateness_cost(left.delivery, clockwork.begin(left.delivery, arrival))
        };
        self.alone.iter().map(late).sum()
    }

    /// Deliveries one after another, as they are due.
    fn queued(&self, at: Moment) -> i64 {
        let late = |&(soonest, due): &(i64, i64)| (at.time + soonest - due).max(0);
        self.bound.cheapest * self.queued.iter().map(late).sum::<i64>()
    }
}
