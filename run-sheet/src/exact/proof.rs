//! Proves a route best, or finds a better one that is.

use super::{
    Outcome,
    layers::{self, Search},
    relaxed::{ascent, prices::Prices, scale::Scale, table::Table, track},
};
use crate::{
    arcs::Arcs,
    budget::Meter,
    instance::Instance,
    local_search::{self, ByLength},
};

/// Most orders that are tracked: 3^8 states. With more than so many orders a proof
/// is out of reach, and a few are tracked for the bound alone.
const MAX_TRACKED: usize = 8;
const PROVABLE: usize = 24;
const TRACKED_FOR_BOUND: usize = 2;
/// Work of one ascent, by and large, and the steps it is cut to.
const ASCENT_WORK: u64 = 4_000_000;
const ASCENT_STEPS: std::ops::RangeInclusive<u64> = 8..=50;
/// Of the work so far a search may take this part before the bounds are made
/// better, and looking for better routes this one. Both are small, so that what
/// turns out to be in vain costs little.
const SEARCH_SHARE: f64 = 0.3;
const LOCAL_SHARE: f64 = 0.1;

/// Tracks ever more orders until the bound meets the best route's length, or so few
/// sets of stops are left that they can all be looked at. Leaves the best route in
/// the local search, and gives the length below which there is none.
pub(crate) fn prove(
    arcs: &Arcs,
    instance: &Instance,
    known: &mut local_search::Search,
    meter: &mut Meter,
) -> i64 {
    let mut lower = arcs.least();
    let Some(scale) = Scale::of(arcs).filter(|_| arcs.orders() <= layers::MAX_ORDERS) else {
        return lower;
    };
    let mut prices = Prices::zero(arcs, scale);
    let mut tracked = Vec::new();
    let objective = ByLength { arcs, instance };
    loop {
        known.spend(&objective, part(meter.work, LOCAL_SHARE), meter);
        let goal = scale.down_to(known.cost);
        let mut table = Table::new(arcs, scale, &tracked);
        let steps = (ASCENT_WORK / table.work().max(1)).clamp(*ASCENT_STEPS.start(), *ASCENT_STEPS.end());
        let ascent = ascent::climb(arcs, &mut table, &mut prices, goal, steps as usize, meter);
        lower = lower.max(scale.up_from(ascent.bound)).min(known.cost);
        if lower == known.cost {
            return lower;
        }
        let provable = arcs.orders() <= PROVABLE;
        let most = if provable {
            MAX_TRACKED.min(arcs.orders())
        } else {
            TRACKED_FOR_BOUND
        };
        let last = tracked.len() == most || Table::bytes(arcs, tracked.len() + 1) > meter.memory / 4;
        if provable {
            let work = if last {
                u64::MAX
            } else {
                part(meter.work, SEARCH_SHARE)
            };
            let fixed = prices.fixed(arcs, &table.is_tracked);
            table.fill(&fixed);
            let search = Search {
                arcs,
                instance,
                scale,
                table: &table,
                prices: &fixed,
            };
            match search.run(known.cost, work, meter) {
                Outcome::Found(route) => {
                    let length = arcs.length(&route);
                    known.offer(route, length, meter.elapsed());
                    return known.cost;
                }
                Outcome::None => return known.cost,
                Outcome::GivenUp => {}
            }
        }
        if last || meter.is_out_of_time() {
            return lower;
        }
        match track::next(arcs, scale, &tracked, &prices, goal, &ascent, meter) {
            Some(order) => tracked.push(order),
            None => return lower,
        }
    }
}

fn part(work: u64, share: f64) -> u64 {
    (work as f64 * share) as u64
}
