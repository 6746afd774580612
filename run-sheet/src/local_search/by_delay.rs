//! Places by the delay that they bring, where every stop has one window at most.

use super::{Place, delays::Delays, room::Room};
use crate::{
    clockwork::{Clockwork, Timing},
    instance::{StopId, delivery, pickup},
};

/// Terms of delays after which the best place so far is taken: about 1 ms. Only with
/// hundreds of orders there can be as many.
const MOST_TERMS: usize = 2_000_000;

/// The place in a route that adds least for an order; its cost is what is added.
pub(super) fn place(
    clockwork: &Clockwork,
    route: &[StopId],
    order: usize,
    skip: &mut dyn FnMut() -> bool,
    work: &mut u64,
) -> Place {
    let room = Room::of(clockwork.instance, route, order);
    let trial = Trial {
        delays: Delays::new(clockwork, route),
        travel: clockwork.plain(1, 0) as f64,
        stop: delivery(order),
        delivery: clockwork.timing(delivery(order)),
    };
    let mut best = Place::last(route);
    if clockwork.instance.on_board[order] {
        let kept = |at: &usize| room.is_kept(*at);
        for at in (0..=route.len()).filter(kept) {
            best.offer(at, at, trial.kept(at));
        }
        *work += units(route.len(), route.len() * trial.delays.terms(0) / 2);
        return best;
    }
    let open = |at: &usize| room.is_open(*at);
    let timing = clockwork.timing(pickup(order));
    let picked: Vec<Picked> = (0..=route.len())
        .filter(open)
        .map(|at| trial.pick_up(at, pickup(order), &timing))
        .collect();
    let mut terms = route.len() * trial.delays.terms(0) / 2;
    // The likeliest first: the better the best, the sooner the others are given up.
    let first = (0..picked.len()).min_by(|&one, &other| picked[one].least.total_cmp(&picked[other].least));
    let others = (0..picked.len()).filter(|&other| Some(other) != first);
    for at in first.into_iter().chain(others) {
        if terms > MOST_TERMS {
            break;
        }
        let picked = &picked[at];
        if picked.least as i64 >= best.cost || (Some(at) != first && skip()) {
            continue;
        }
        terms += trial.deliver(picked, &room, route.len(), &mut best);
    }
    *work += units(route.len(), terms);
    best
}

/// By and large, as measured from 20 to 200 orders: the terms of a sum go four at a time.
fn units(stops: usize, terms: usize) -> u64 {
    (280 + 23 * stops + terms / 12) as u64
}

struct Trial<'a> {
    delays: Delays<'a>,
    /// What a second of travel costs.
    travel: f64,
    stop: StopId,
    delivery: Timing,
}

/// With the pickup in place.
struct Picked {
    at: usize,
    /// When the rider leaves it, and how far the delivery is from there.
    left: f64,
    to_delivery: f64,
    /// The cost of the pickup itself, with the way there.
    alone: f64,
    /// With the way on from there.
    cost: f64,
    /// The delay then.
    delay: f64,
    /// With all that the delay costs.
    least: f64,
}

impl Trial<'_> {
    fn pick_up(&self, at: usize, stop: StopId, timing: &Timing) -> Picked {
        let here = self.delays.at(at);
        let (to, from) = (self.delays.to(at, stop), self.delays.from(stop, at));
        let begin = timing.begin(here.left + to);
        let left = begin + timing.service;
        let alone = timing.cost(begin) + self.travel * (to - here.leg);
        let cost = alone + self.travel * from;
        let delay = self.delays.delay(at, left + from);
        Picked {
            at,
            left,
            to_delivery: self.delays.between(stop, self.stop),
            alone,
            cost,
            delay,
            least: cost + self.delays.cost(at, delay),
        }
    }

    /// Tries every place of the delivery; gives the terms that it took.
    fn deliver(&self, picked: &Picked, room: &Room, stops: usize, best: &mut Place) -> usize {
        let mut terms = 0;
        // At once.
        let cost = picked.alone + self.travel * picked.to_delivery;
        let cost = self.deliver_at(picked.at, picked.left, picked.to_delivery, cost);
        best.offer(picked.at, picked.at, cost);
        let mut passed = picked.cost;
        for at in picked.at + 1..=stops {
            if room.is_blocked(at - 1) {
                break;
            }
            passed += self.delays.cost_at(at - 1, picked.delay);
            let left = self.delays.left(at, picked.delay);
            // Later it costs no less.
            if (picked.least + self.delivery.cost(left)) as i64 >= best.cost {
                break;
            }
            let to = self.delays.to(at, self.stop);
            let cost = passed + self.travel * (to - self.delays.at(at).leg);
            best.offer(picked.at, at, self.deliver_at(at, left, to, cost));
            terms += self.delays.terms(at);
        }
        terms
    }

    /// Of an order that is on board.
    fn kept(&self, at: usize) -> i64 {
        let here = self.delays.at(at);
        let to = self.delays.to(at, self.stop);
        self.deliver_at(at, here.left, to, self.travel * (to - here.leg))
    }

    /// Adds the delivery, the way on from there, and what the delay costs.
    fn deliver_at(&self, at: usize, left: f64, to: f64, cost: f64) -> i64 {
        let begin = self.delivery.begin(left + to);
        let from = self.delays.from(self.stop, at);
        let delay = self.delays.delay(at, begin + self.delivery.service + from);
        let cost = cost + self.delivery.cost(begin) + self.travel * from;
        (cost + self.delays.cost(at, delay)) as i64
    }
}
