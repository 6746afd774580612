//! Fills the rows of a program over subsets.

use pulp::NullaryFnOnce;

use super::{super::digit, LANES, Row, Subsets};
use crate::{
    arcs::{Arcs, NONE},
    instance::{StopId, delivery, pickup},
};

/// The last state first.
pub(super) struct Fill<'a> {
    pub subsets: &'a mut Subsets,
    pub arcs: &'a Arcs,
}

impl NullaryFnOnce for Fill<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { subsets, arcs } = self;
        let orders = arcs.orders();
        let columns: Vec<[Row; 2]> = (0..arcs.stops).map(|to| column(arcs, to)).collect();
        let last = subsets.rows.len() - 1;
        for (order, lane) in subsets.rows[last].iter_mut().enumerate().take(orders) {
            *lane = arcs.end[2 * order + 1];
        }
        for state in (0..last).rev() {
            let code = subsets.codes[state];
            // Masks: of a choice between two values the compiler makes loads.
            let delivered: Row = std::array::from_fn(|lane| -i32::from(code >> (2 * lane) & 3 == 2));
            let mut row = [NONE; LANES];
            for order in 0..orders {
                let digit = digit(code, order);
                if digit == 2 || (digit == 0 && subsets.pickups[state] >> order & 1 == 0) {
                    continue;
                }
                let to_go = subsets.rows[state + subsets.powers[order]][order];
                let [arcs, more] = &columns[2 * order + digit];
                for lane in 0..LANES {
                    row[lane] = row[lane].min(arcs[lane] + (delivered[lane] & more[lane]) + to_go);
                }
            }
            subsets.rows[state] = row;
        }
    }
}

/// The arcs to a stop from each order's pickup, and what they are longer from its
/// delivery.
fn column(arcs: &Arcs, to: StopId) -> [Row; 2] {
    let mut column = [[NONE; LANES], [0; LANES]];
    let [arc, more] = &mut column;
    for (order, (arc, more)) in arc.iter_mut().zip(more).enumerate().take(arcs.orders()) {
        *arc = arcs.get(pickup(order), to);
        *more = arcs.get(delivery(order), to) - *arc;
    }
    column
}
