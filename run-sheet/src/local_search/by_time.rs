//! Places by what they cost altogether, where time matters.

use super::{Objective, Place, by_delay, room::Room};
use crate::{
    clockwork::{Clockwork, Moment},
    instance::{Instance, StopId, delivery, pickup},
};

/// Steps along the route after which the best place so far is taken: 10 ms. Only
/// with more than a hundred orders or so there can be as many.
const MOST_STEPS: usize = 2_000_000;
/// Routes that can need so many are looked at from anywhere on.
const LONG: usize = 200;

/// The objective is the problem's.
#[derive(Debug)]
pub(crate) struct ByTime<'a> {
    pub clockwork: &'a Clockwork<'a>,
    pub single_windows: bool,
}

impl Objective for ByTime<'_> {
    fn cost(&self, route: &[StopId]) -> i64 {
        self.clockwork.cost(route)
    }

    fn work(&self) -> u64 {
        8 * (self.clockwork.instance.stops() as u64).pow(2)
    }

    fn instance(&self) -> &Instance<'_> {
        self.clockwork.instance
    }

    fn place(&self, route: &[StopId], order: usize, skip: &mut dyn FnMut() -> bool) -> Place {
        if self.single_windows {
            return by_delay::place(self.clockwork, route, order, skip);
        }
        let along = Along::new(self.clockwork, route);
        let mut best = Place::last(route);
        let room = Room::of(self.clockwork.instance, route, order);
        if self.clockwork.instance.on_board[order] {
            let kept = |at: &usize| room.as_ref().is_none_or(|room| room.is_kept(*at));
            for at in (0..=route.len()).filter(kept) {
                along.try_delivery(at, along.before(at), along.moments[at], order, at, &mut best);
            }
            return best;
        }
        let from = if route.len() > LONG {
            anywhere(route, order)
        } else {
            0
        };
        let mut steps = 0;
        for at in (from..=route.len()).chain(0..from) {
            if steps > MOST_STEPS && best.cost < i64::MAX {
                break;
            }
            let open = room.as_ref().is_none_or(|room| room.is_open(at));
            if !open || (skip() && best.cost < i64::MAX) {
                continue;
            }
            let mut last = pickup(order);
            let mut moment = self.clockwork.step(along.before(at), along.moments[at], last);
            for later in at..=route.len() {
                if along.least(later, moment) >= best.cost {
                    break;
                }
                steps += 1 + along.try_delivery(later, Some(last), moment, order, at, &mut best);
                let Some(&stop) = route
                    .get(later)
                    .filter(|_| room.as_ref().is_none_or(|room| !room.is_blocked(later)))
                else {
                    break;
                };
                moment = self.clockwork.step(Some(last), moment, stop);
                last = stop;
            }
        }
        best
    }
}

/// A route and its moments, into which an order is put.
struct Along<'a> {
    clockwork: &'a Clockwork<'a>,
    route: &'a [StopId],
    /// After so many stops.
    moments: Vec<Moment>,
    total: i64,
}

impl<'a> Along<'a> {
    fn new(clockwork: &'a Clockwork<'a>, route: &'a [StopId]) -> Self {
        let mut moments = Vec::with_capacity(route.len() + 1);
        let mut last = None;
        moments.push(clockwork.start());
        for (at, &stop) in route.iter().enumerate() {
            moments.push(clockwork.step(last, moments[at], stop));
            last = Some(stop);
        }
        let total = clockwork.finish(last, moments[route.len()]);
        Self {
            clockwork,
            route,
            moments,
            total,
        }
    }

    fn before(&self, at: usize) -> Option<StopId> {
        at.checked_sub(1).map(|before| self.route[before])
    }

    /// What the whole route costs at least, left from here for its rest: no earlier
    /// than before it costs no less than before.
    fn least(&self, at: usize, moment: Moment) -> i64 {
        let rest = if moment.time >= self.moments[at].time {
            self.total - self.moments[at].cost
        } else {
            0
        };
        moment.cost + rest
    }

    /// Delivers after a stop, then goes on with the rest of the route; gives the steps
    /// that it took.
    fn try_delivery(
        &self,
        at: usize,
        before: Option<StopId>,
        moment: Moment,
        order: usize,
        pickup: usize,
        best: &mut Place,
    ) -> usize {
        let mut last = delivery(order);
        let mut moment = self.clockwork.step(before, moment, last);
        for (place, &stop) in self.route.iter().enumerate().skip(at) {
            if self.least(place, moment) >= best.cost {
                return place - at;
            }
            moment = self.clockwork.step(Some(last), moment, stop);
            last = stop;
            // Caught up: the rest is as it was.
            if moment.time == self.moments[place + 1].time {
                moment = Moment {
                    cost: moment.cost - self.moments[place + 1].cost,
                    ..moment
                };
                best.offer(pickup, at, self.total + moment.cost);
                return place - at;
            }
        }
        best.offer(pickup, at, self.clockwork.finish(Some(last), moment));
        self.route.len() - at
    }
}

/// A place in a route, another one in every route.
fn anywhere(route: &[StopId], order: usize) -> usize {
    let mixed = route.iter().fold(order, |mixed, &stop| {
        mixed.wrapping_add(stop).wrapping_mul(0x9E37_79B9)
    });
    (mixed >> 16) % (route.len() + 1)
}
