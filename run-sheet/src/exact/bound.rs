//! What a route costs at least from a moment on.
//!
//! Three parts that add up: the shortest way to make the stops that are left, by
//! the table over all subsets; the finish, which is no earlier than that way and all
//! service take; and lateness, the larger of two bounds. One takes each stop by
//! itself, as if the rider went straight there. The other one knows that stops are
//! made one after another: the k-th delivery from now is no earlier than the
//! shortest k arcs take, and the sum of lateness is least when deliveries are made
//! in the order in which they are due.

use super::subsets::Subsets;
use crate::{
    arcs::Arcs,
    clockwork::{Clockwork, Moment},
    instance::{StopId, delivery, is_delivery, order_of},
};

#[derive(Debug)]
pub(crate) struct Bound<'a> {
    clockwork: &'a Clockwork<'a>,
    arcs: &'a Arcs,
    subsets: &'a Subsets,
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
    pub fn new(clockwork: &'a Clockwork<'a>, arcs: &'a Arcs, subsets: &'a Subsets) -> Self {
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
            shortest: shortest(clockwork),
            soonest: soonest(clockwork),
            cheapest: costs.min().unwrap_or(0),
            by_due,
        }
    }

    /// The cost of every route that goes on from there, at least.
    pub fn at_least(&self, state: usize, last: StopId, at: Moment) -> i64 {
        let travel = i64::from(self.subsets.to_go(state, last));
        let service: i64 = self
            .subsets
            .left(state)
            .map(|stop| self.clockwork.service(stop))
            .sum();
        let duration = at.time + travel + service - self.clockwork.start().time;
        let alone = self.alone(state, last, at);
        let queued = if self.cheapest > 0 {
            self.queued(state, at)
        } else {
            0
        };
        at.cost + self.clockwork.plain(travel, duration) + alone.max(queued)
    }

    /// Each stop by itself.
    fn alone(&self, state: usize, last: StopId, at: Moment) -> i64 {
        let clockwork = self.clockwork;
        let arrive = |from, time, to: StopId| time + self.shortest[from * self.arcs.stops + to];
        let mut sum = 0;
        for next in self.subsets.next(state) {
            let begin = clockwork.begin(next, arrive(last, at.time, next));
            sum += clockwork.lateness_cost(next, begin);
            if !is_delivery(next) {
                let stop = delivery(order_of(next));
                let begin = clockwork.begin(stop, arrive(next, begin + clockwork.service(next), stop));
                sum += clockwork.lateness_cost(stop, begin);
            }
        }
        sum
    }

    /// Deliveries one after another, as they are due.
    fn queued(&self, state: usize, at: Moment) -> i64 {
        let digits = || (0..self.arcs.orders()).map(|order| self.subsets.digit(state, order));
        let on_board = digits().filter(|&digit| digit == 1).count();
        let left = self
            .by_due
            .iter()
            .filter(|&&stop| self.subsets.digit(state, order_of(stop)) < 2);
        let mut sum = 0;
        for (made, &stop) in left.enumerate() {
            // What is on board first, then a pickup with each delivery.
            let stops = (made + 1) + (made + 1).saturating_sub(on_board);
            let begin = at.time + self.soonest[stops];
            let due = self.clockwork.due(stop).map_or(i64::MAX, |(due, _)| due);
            sum += (begin - due).max(0);
        }
        sum * self.cheapest
    }
}

/// Floyd and Warshall's shortest ways, service on the way included.
fn shortest(clockwork: &Clockwork) -> Vec<i64> {
    let instance = clockwork.instance;
    let stops = instance.stops();
    let visited: Vec<StopId> = clockwork.visited().collect();
    let mut shortest = vec![0; stops * stops];
    for &from in &visited {
        for &to in &visited {
            shortest[from * stops + to] = instance.travel(Some(from), to);
        }
    }
    for &by in &visited {
        for &from in &visited {
            let to_by = shortest[from * stops + by] + clockwork.service(by);
            for &to in &visited {
                let way = to_by + shortest[by * stops + to];
                let known = &mut shortest[from * stops + to];
                *known = way.min(*known);
            }
        }
    }
    shortest
}

/// By number of stops: the sum of the least travel to each and the service at all
/// but one, smallest first.
fn soonest(clockwork: &Clockwork) -> Vec<i64> {
    let instance = clockwork.instance;
    let visited: Vec<StopId> = clockwork.visited().collect();
    let to = |&to: &StopId| {
        let froms = visited
            .iter()
            .filter(|&&from| from != to)
            .map(|&from| instance.travel(Some(from), to));
        froms.min().unwrap_or(0)
    };
    let mut travel: Vec<i64> = visited.iter().map(to).collect();
    let mut service: Vec<i64> = visited.iter().map(|&stop| clockwork.service(stop)).collect();
    travel.sort_unstable();
    service.sort_unstable();
    let mut sums = vec![0];
    let mut sum = 0;
    for stop in 0..visited.len() {
        sum += travel[stop] + if stop == 0 { 0 } else { service[stop - 1] };
        sums.push(sum);
    }
    sums
}
