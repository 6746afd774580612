//! Which order to track next.

use super::{
    ascent::{self, Ascent},
    prices::Prices,
    scale::Scale,
    table::Table,
};
use crate::arcs::Arcs;

/// Orders that are tried.
const TRIED: usize = 8;
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
) -> Option<usize> {
    let mut others: Vec<usize> = (0..arcs.orders())
        .filter(|order| !tracked.contains(order))
        .collect();
    others.sort_by(|&a, &b| last.wrong[b].total_cmp(&last.wrong[a]).then(a.cmp(&b)));
    others.truncate(TRIED);
    let mut best = None;
    for order in others {
        let mut trial = tracked.to_vec();
        trial.push(order);
        let mut table = Table::new(arcs, scale, &trial);
        let bound = ascent::climb(arcs, &mut table, &mut prices.clone(), goal, STEPS).bound;
        if best.is_none_or(|(most, _)| bound > most) {
            best = Some((bound, order));
        }
    }
    best.map(|(_, order)| order)
}
