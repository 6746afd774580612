//! Ours against raw.

use super::thousands;
use crate::aim::Aim;
use crate::fire::{CONNECTIONS, Compared};
use crate::report::Section;

/// Most that ours may take of raw's time, by lessons due, and its p99 in ms.
const LIMITS: [(usize, f64, Option<f64>); 3] = [
    (3_000, 1.5, Some(100.0)),
    (10_000, 1.5, Some(250.0)),
    (100_000, 2.0, None),
];

/// The section.
pub fn fire(all: &[Compared], rows: i64) -> Section {
    let mut text = format!(
        "Lessons due at one instant in a table of {}. *Raw* is the least that opening them can take: a plain client \
         whose {CONNECTIONS} connections are open and whose statements (1,000 sorted ids each, by the primary key, no \
         fence, and with the session setting that the publisher has) are text already, which waits for the instant on the same clock by spinning. *Ours* is a whole wake \
         of `schedule_publish::wake::publish` for a slot that begins a second later or sooner.\n\n\
         | due | | rounds | last commit p50 ms | p90 | p99 | max | first commit p50 ms | p99 |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        thousands(rows.unsigned_abs())
    );
    for one in all {
        let both = [
            ("ours", &one.ours, &one.ours_first),
            ("raw", &one.raw, &one.raw_first),
        ];
        for (name, last, first) in both {
            let (due, rounds, last, first) = (
                thousands(one.due as u64),
                last.len(),
                last.cells(),
                [first.p50(), first.p99()]
                    .map(|ms| format!("{ms:.0}"))
                    .join(" | "),
            );
            text += &format!("| {due} | {name} | {rounds} | {last} | {first} |\n");
        }
    }
    text += "\n| due | ours over raw, p50 | p99 | planning ms, p50 | p99 | linking ms, p50 | p99 |\n\
             |---|---|---|---|---|---|---|\n";
    for one in all {
        text += &format!(
            "| {} | **{:.2}** | {:.2} | {:.1} | {:.1} | {:.1} | {:.1} |\n",
            thousands(one.due as u64),
            one.ratio(0.5),
            one.ratio(0.99),
            one.plan.p50(),
            one.plan.p99(),
            one.link.p50(),
            one.link.p99()
        );
    }
    text += "\nPlanning reads what is due and cuts it into chunks; linking looks at the settings of 200 \
             centres, of which none has changed, and at the lessons due, whether a setting opens them elsewhere now. \
             Both are over before the instant.\n\n\
             ![How late the last commit was, ours and raw](publish-fire.svg)";
    Section {
        title: "1. Firing",
        text,
        aims: all.iter().flat_map(aims).collect(),
    }
}

fn aims(one: &Compared) -> Vec<Aim> {
    let limits = LIMITS.iter().find(|(due, ..)| *due == one.due);
    let Some((_, ratio, p99)) = limits else {
        return Vec::new();
    };
    let due = thousands(one.due as u64);
    let ratios = [("p50", 0.5), ("p99", 0.99)];
    let ratios = ratios.map(|(name, part)| {
        Aim::at_most(
            format!("{due} due: ours over raw, {name}"),
            one.ratio(part),
            *ratio,
        )
    });
    let p99 = p99.map(|limit| Aim::at_most(format!("{due} due: p99 ms"), one.ours.p99(), limit));
    ratios.into_iter().chain(p99).collect()
}
