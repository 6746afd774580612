//! Proves a route best, or finds a better one that is.

use super::{
    layers::{self, Outcome, Search},
    relaxed::{ascent, prices::Prices, scale::Scale, table::Table, track},
};
use crate::{
    arcs::Arcs,
    budget::Meter,
    instance::{Instance, StopId},
};

/// Most orders that are tracked: 3^8 states.
const MAX_TRACKED: usize = 8;
/// Chunk additions that an ascent may take, by and large.
const ASCENT_WORK: u64 = 4_000_000;
/// Part of the work so far that a search may take before bounds are made better.
const SEARCH_SHARE: u64 = 2;

/// What is known after all work.
pub(crate) struct Proven {
    /// No route is shorter.
    pub lower: i64,
    /// A route that is shorter than the one known before.
    pub better: Option<Vec<StopId>>,
}

/// Tracks ever more orders until the bound meets the known length, or so few sets
/// of stops are left that they can all be looked at.
pub(crate) fn prove(arcs: &Arcs, instance: &Instance, known: i64, meter: &mut Meter) -> Proven {
    let mut proven = Proven {
        lower: 0,
        better: None,
    };
    let Some(scale) = Scale::of(arcs).filter(|_| arcs.orders() <= layers::MAX_ORDERS) else {
        return proven;
    };
    let shift = scale.one().trailing_zeros();
    let goal = ((known - 1) << shift) + 1;
    let mut prices = Prices::zero(arcs, scale);
    let mut tracked = Vec::new();
    loop {
        let mut table = Table::new(arcs, scale, &tracked);
        let steps = (ASCENT_WORK / table.work().max(1)).clamp(8, 300) as usize;
        let ascent = ascent::climb(arcs, &mut table, &mut prices, goal, steps);
        meter.work += table.work() * steps as u64;
        proven.lower = proven
            .lower
            .max((ascent.bound + i64::from(scale.one()) - 1) >> shift);
        #[cfg(feature = "trace")]
        eprintln!(
            "q{} {:.2}% steps {steps} {:?}",
            tracked.len(),
            100.0 * (1.0 - proven.lower as f64 / known as f64),
            meter.elapsed()
        );
        if proven.lower >= known {
            proven.lower = known;
            return proven;
        }
        let last = tracked.len() == MAX_TRACKED.min(arcs.orders())
            || Table::bytes(arcs, tracked.len() + 1) > meter.memory / 4;
        let work = if last { u64::MAX } else { meter.work / SEARCH_SHARE };
        let fixed = prices.fixed(arcs, &table.is_tracked);
        table.fill(&fixed);
        let search = Search {
            arcs,
            instance,
            scale,
            table: &table,
            prices: &fixed,
        };
        match search.run(known, work, meter) {
            Outcome::Found(route) => {
                proven.lower = arcs.length(&route);
                proven.better = Some(route);
                return proven;
            }
            Outcome::None => {
                proven.lower = known;
                return proven;
            }
            Outcome::GivenUp => {}
        }
        #[cfg(feature = "trace")]
        eprintln!("searched {:?}", meter.elapsed());
        if last || meter.is_out_of_time() {
            return proven;
        }
        match track::next(arcs, scale, &tracked, &prices, goal, &ascent) {
            Some(order) => tracked.push(order),
            None => return proven,
        }
    }
}
