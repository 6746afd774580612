//! Where time does not matter.

use super::{Found, MAX_WORK};
use crate::{
    arcs::Arcs,
    budget::Meter,
    exact::{
        proof,
        subsets::{self, Subsets},
    },
    instance::Instance,
    local_search::{ByLength, Search, first},
};

/// Up to so many orders all subsets take less time than a bound would save: 3 ms.
const ALL_SUBSETS: usize = 10;
/// Units of work per order of the first round.
const FIRST_WORK: u64 = 40_000;

pub(super) fn solve(instance: &Instance, seed: u64, meter: &mut Meter) -> Found {
    let route = first::nearest(instance, |route, to| instance.travel(route.last().copied(), to));
    let found = meter.elapsed();
    let arcs = &Arcs::new(instance);
    let objective = ByLength { arcs, instance };
    let length = arcs.length(&route);
    let mut search = Search::new(route, length, seed, found);
    let lower = prove(arcs, instance, &objective, &mut search, meter);
    let (fixed, unit) = (arcs.cost(0), arcs.cost(1) - arcs.cost(0));
    Found {
        search,
        lower,
        cost: Box::new(move |length| fixed + unit * length),
    }
}

fn prove(
    arcs: &Arcs,
    instance: &Instance,
    objective: &ByLength,
    search: &mut Search,
    meter: &mut Meter,
) -> i64 {
    let orders = arcs.orders();
    // Where nothing counts, every route is as good.
    if arcs.cost(1) == arcs.cost(0) {
        return search.cost;
    }
    if meter.is_out_of_time() {
        return arcs.least();
    }
    let in_memory = |most| orders <= most && Subsets::bytes(orders) <= meter.memory;
    let (few, possible) = (in_memory(ALL_SUBSETS), in_memory(subsets::MAX_ORDERS));
    if few {
        return all_subsets(arcs, instance, search, meter);
    }
    if let Some(route) = first::cheapest(objective, None, meter) {
        let length = arcs.length(&route);
        search.offer(route, length, meter.elapsed());
    }
    search.spend(objective, FIRST_WORK * orders as u64, meter);
    let lower = proof::prove(arcs, instance, search, meter);
    // Such as with arcs too long for the bounds' numbers.
    if lower < search.cost && possible && !meter.is_out_of_time() {
        return all_subsets(arcs, instance, search, meter);
    }
    search.rounds(objective, lower, MAX_WORK, meter);
    lower
}

fn all_subsets(arcs: &Arcs, instance: &Instance, search: &mut Search, meter: &mut Meter) -> i64 {
    meter.work += Subsets::work(arcs.orders());
    let route = Subsets::new(arcs, instance).route(arcs);
    let length = arcs.length(&route);
    search.offer(route, length, meter.elapsed());
    search.cost
}
