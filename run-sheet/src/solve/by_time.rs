//! Where time matters.

use super::{Found, MAX_WORK};
use crate::{
    arcs::Arcs,
    budget::Meter,
    clockwork::Clockwork,
    exact::{
        Outcome,
        distances::least_cost,
        earliest::Earliest,
        labels,
        subsets::{self, Subsets},
    },
    instance::{Instance, StopId},
    local_search::{ByTime, Search, first},
};

/// Units of work of the first round, per order to the third as is that of a try and
/// of what a good route saves afterwards.
const FIRST_WORK: u64 = 700;

pub(super) fn solve(instance: &Instance, seed: u64, meter: &mut Meter) -> Found {
    let clockwork = Clockwork::new(instance);
    let objective = ByTime::new(&clockwork);
    let route = nearest(&clockwork);
    let cost = clockwork.cost(&route);
    let mut search = Search::new(route, cost, seed, meter.elapsed());
    let orders = instance.orders();
    let arcs = Arcs::new(instance);
    let mut lower = least_cost(&clockwork, arcs.least());
    search.spend(
        &objective,
        (FIRST_WORK * (orders as u64).pow(3)).min(MAX_WORK / 4),
        meter,
    );
    let small = orders <= subsets::MAX_ORDERS
        && Subsets::bytes(orders) + Earliest::bytes(orders) <= meter.memory / 4 * 3;
    if small
        && lower < search.cost
        && !meter.is_out_of_time()
        && let Some(proven) = prove(&clockwork, &arcs, &mut search, meter)
    {
        lower = proven;
    }
    search.rounds(&objective, lower, MAX_WORK, meter);
    Found {
        search,
        lower,
        cost: Box::new(|cost| cost),
    }
}

/// On to the stop that adds least cost, or can be left soonest.
fn nearest(clockwork: &Clockwork) -> Vec<StopId> {
    let mut at = clockwork.start();
    let mut made = 0;
    first::nearest(clockwork.instance, |route, to| {
        for made in std::mem::replace(&mut made, route.len())..route.len() {
            let before = made.checked_sub(1).map(|before| route[before]);
            at = clockwork.step(before, at, route[made]);
        }
        let next = clockwork.step(route.last().copied(), at, to);
        (next.cost, next.time)
    })
}

/// The cost of the best route, if the search can be finished.
fn prove(clockwork: &Clockwork, arcs: &Arcs, search: &mut Search, meter: &mut Meter) -> Option<i64> {
    meter.work += Subsets::work(arcs.orders()) + Earliest::work(arcs.orders());
    let subsets = Subsets::new(arcs, clockwork.instance);
    match labels::search(clockwork, arcs, &subsets, search.cost, MAX_WORK, meter) {
        Outcome::Found(route) => {
            let cost = clockwork.cost(&route);
            search.offer(route, cost, meter.elapsed());
        }
        Outcome::None => {}
        Outcome::GivenUp => return None,
    }
    Some(search.cost)
}
