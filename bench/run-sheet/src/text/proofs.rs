//! What is proven, how fast, and how far from the best known the rest is.

use super::{Section, cells, header};
use crate::goals;
use crate::group::groups;
use crate::number::number;
use crate::row::Row;
use crate::stats::Sample;
use crate::verdict::Verdict;

/// A row for each set and number of orders.
pub fn proofs(rows: &[Row], peak_mib: f64) -> Section {
    let mut text = header(&[
        "set",
        "orders",
        "proven",
        "ms, median",
        "max",
        "last better, median ms",
        "gap %, mean",
        "worst",
        "targets",
    ]);
    let mut verdicts = Vec::new();
    for group in groups(rows) {
        let (times, gaps) = (group.times(), group.gaps());
        let judged = goals::of(&group);
        let short: Vec<String> = judged.iter().map(Verdict::short).collect();
        text += &cells(&[
            group.set.to_owned(),
            group.n.to_string(),
            format!("{} of {}", group.proven(), group.rows.len()),
            number(times.median()),
            number(times.max()),
            number(group.improved().median()),
            number(gaps.mean()),
            number(gaps.max()),
            if short.is_empty() {
                "–".to_owned()
            } else {
                short.join("; ")
            },
        ]);
        let place = format!("{}, {} orders", group.set, group.n);
        verdicts.extend(judged.into_iter().map(|verdict| (place.clone(), verdict)));
    }
    let first = Sample::of(rows.iter().map(|row| row.ours.first_ms));
    let everywhere = [
        Verdict::at_most("first route, latest", first.max(), 1.0, " ms"),
        Verdict::at_most("memory of the whole process at its peak", peak_mib, 512.0, " MiB"),
    ];
    for verdict in everywhere {
        text += &format!("\n{}.", verdict.line());
        verdicts.push(("all instances".to_owned(), verdict));
    }
    Section {
        title: "Proofs",
        text,
        verdicts,
    }
}
