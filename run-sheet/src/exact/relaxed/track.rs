//! Which order to track next.

use super::{
    ascent::{self, Ascent},
    prices::Prices,
    scale::Scale,
    table::Table,
};
use crate::{arcs::Arcs, budget::Meter};

/// Orders that are tried, by how many are tracked already. Later a trial takes as
/// long as it saves, and the one done most wrong is taken.
const TRIED: [usize; 3] = [8, 8, 4];
/// Steps that each gets. With 30 the choice is hardly better.
const STEPS: usize = 10;

/// The order that raises the bound most when it is tracked too, of those that the
/// relaxed routes did most wrong (as strong branching does).
pub(crate) fn next(
    arcs: &Arcs,
    scale: Scale,
    tracked: &[usize],
    prices: &Prices,
    goal: i64,
    last: &Ascent,
    meter: &mut Meter,
) -> Option<usize> {
    let mut others: Vec<usize> = (0..arcs.orders())
        .filter(|order| !tracked.contains(order))
        .collect();
    others.sort_by(|&a, &b| last.wrong[b].total_cmp(&last.wrong[a]).then(a.cmp(&b)));
    let tried = TRIED.get(tracked.len()).copied().unwrap_or(1);
    others.truncate(tried);
    if tried == 1 {
        return others.first().copied();
    }
    let mut best = None;
    for order in others {
        let mut trial = tracked.to_vec();
        trial.push(order);
        let mut table = Table::new(arcs, scale, &trial);
        let bound = ascent::climb(arcs, &mut table, &mut prices.clone(), goal, STEPS, meter).bound;
        if best.is_none_or(|(most, _)| bound > most) {
            best = Some((bound, order));
        }
    }
    best.map(|(_, order)| order)
}
