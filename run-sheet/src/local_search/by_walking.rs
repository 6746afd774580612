//! Places by walking along the route with the order in it, where a stop may have
//! several windows.

use super::{Place, room::Room};
use crate::{
    clockwork::{Clockwork, Moment},
    instance::{StopId, delivery, pickup},
};

/// Steps along the route after which the best place so far is taken: 10 ms. Only
/// with more than a hundred orders or so there can be as many.
const MOST_STEPS: usize = 2_000_000;
/// Routes that can need so many are looked at from anywhere on.
const LONG: usize = 200;

/// The place in a route where an order costs least; its cost is the whole route's.
pub(super) fn place(
    clockwork: &Clockwork,
    route: &[StopId],
    order: usize,
    skip: &mut dyn FnMut() -> bool,
    work: &mut u64,
) -> Place {
    let along = Along::new(clockwork, route);
    let mut best = Place::last(route);
    let room = Room::of(clockwork.instance, route, order);
    let mut steps = route.len();
    if clockwork.instance.on_board[order] {
        let kept = |at: &usize| room.is_kept(*at);
        for at in (0..=route.len()).filter(kept) {
            steps += along.try_delivery(at, along.before(at), along.moments[at], order, at, &mut best);
        }
        *work += 2 * steps as u64;
        return best;
    }
    let from = if route.len() > LONG {
        anywhere(route, order)
    } else {
        0
    };
    for at in (from..=route.len()).chain(0..from) {
        if steps > MOST_STEPS && best.cost < i64::MAX {
            break;
        }
        if !room.is_open(at) || (skip() && best.cost < i64::MAX) {
            continue;
        }
        let mut last = pickup(order);
        let mut moment = clockwork.step(along.before(at), along.moments[at], last);
        for later in at..=route.len() {
            if along.least(later, moment) >= best.cost {
                break;
            }
            steps += 1 + along.try_delivery(later, Some(last), moment, order, at, &mut best);
            let Some(&stop) = route.get(later).filter(|_| !room.is_blocked(later)) else {
                break;
            };
            moment = clockwork.step(Some(last), moment, stop);
            last = stop;
        }
    }
    *work += 2 * steps as u64;
    best
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
    /// than before it costs no less than before, but for the way to its first stop.
    fn least(&self, at: usize, moment: Moment) -> i64 {
        if moment.time < self.moments[at].time {
            return moment.cost;
        }
        let leg = self
            .clockwork
            .instance
            .leg(self.before(at), self.route.get(at).copied());
        moment.cost + self.total - self.moments[at].cost - self.clockwork.plain(leg, 0)
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
