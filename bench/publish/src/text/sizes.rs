//! Cost by the table's size.

use super::thousands;
use crate::aim::Aim;
use crate::cold::Cold;
use crate::report::Section;
use crate::sizes::Size;

/// Most that planning and firing may take in the largest table of what they take
/// in the smallest, whose rows lie side by side.
const LIMIT: f64 = 2.0;

/// The section.
pub fn sizes(all: &[Size], cold: &[Cold], due: usize) -> Section {
    let mut text = format!(
        "{} lessons due in each table; medians, with all tables in the buffer pool (a first round that is not counted \
         reads them in). *Cold*: once right after the server was started, with everything written back before, so \
         that every page comes from the disk.\n\n\
         | lessons in the table | planning ms | last commit, p50 ms | p99 | linking ms | linking all centres for the \
         first time, ms | cold: planning ms | cold: last commit ms |\n|---|---|---|---|---|---|---|---|\n",
        thousands(due as u64)
    );
    for (size, cold) in all.iter().zip(cold) {
        text += &format!(
            "| {} | {:.1} | {:.0} | {:.0} | {:.1} | {:.0} | {:.1} | {:.0} |\n",
            thousands(size.rows.unsigned_abs()),
            size.plan.p50(),
            size.fire.p50(),
            size.fire.p99(),
            size.link.p50(),
            size.first_link_ms,
            cold.plan_ms,
            cold.fire_ms
        );
    }
    let ratio = |of: fn(&Size) -> f64| match all {
        [smallest, .., largest] => of(largest) / of(smallest),
        _ => f64::NAN,
    };
    Section {
        title: "4. Cost follows the rows due",
        text,
        aims: vec![
            Aim::at_most(
                "planning in the largest over the smallest table",
                ratio(|size| size.plan.p50()),
                LIMIT,
            ),
            Aim::at_most(
                "firing in the largest over the smallest table",
                ratio(|size| size.fire.p50()),
                LIMIT,
            ),
        ],
    }
}
