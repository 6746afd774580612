//! Against the random search of two seconds.

use super::{Section, cells, header};
use crate::group::groups;
use crate::legacy::Found;
use crate::number::number;
use crate::row::Row;
use crate::stats::Sample;
use crate::verdict::Verdict;

/// Up to so many orders, ours has to be faster by [`SPEED_UP`].
const SMALL: usize = 10;
/// How many times.
const SPEED_UP: f64 = 200.0;

/// A row for each set and number of orders; nothing if the legacy was left out.
pub fn legacy(rows: &[Row], legacy_ms: f64) -> Option<Section> {
    let both = |rows: &[Row]| -> Vec<Compared> {
        rows.iter()
            .filter_map(|row| Some(compared(row, row.legacy.as_ref()?, legacy_ms)))
            .collect()
    };
    let all = both(rows);
    if all.is_empty() {
        return None;
    }
    let mut text = header(&[
        "set",
        "orders",
        "legacy's gap %, mean",
        "ours",
        "ours worse",
        "times as fast, least",
        "median",
        "with the proof, least",
        "median",
    ]);
    for group in groups(rows) {
        let all = both(group.rows);
        let speed = Sample::of(all.iter().map(|one| one.to_value));
        let proof = Sample::of(all.iter().map(|one| one.to_answer));
        text += &cells(&[
            group.set.to_owned(),
            group.n.to_string(),
            number(Sample::of(all.iter().map(|one| one.legacy_gap)).mean()),
            number(Sample::of(all.iter().map(|one| one.gap)).mean()),
            all.iter().filter(|one| one.worse).count().to_string(),
            number(speed.min()),
            number(speed.median()),
            number(proof.min()),
            number(proof.median()),
        ]);
    }
    let worse = all.iter().filter(|one| one.worse).count() as f64;
    let small = || all.iter().filter(|one| one.orders <= SMALL);
    let verdicts = [
        Verdict::at_most("instances on which ours is worse than the legacy", worse, 0.0, ""),
        Verdict::at_least(
            format!("times as fast as the legacy at up to {SMALL} orders, least"),
            Sample::of(small().map(|one| one.to_value)).min(),
            SPEED_UP,
            "",
        ),
        Verdict::at_least(
            "the same with the proof, which the legacy has not, least",
            Sample::of(small().map(|one| one.to_answer)).min(),
            SPEED_UP,
            "",
        ),
    ];
    let drawn = Sample::of(
        rows.iter()
            .filter_map(|row| Some(row.legacy.as_ref()?.drawn as f64)),
    );
    let (least, most) = (number(drawn.min()), number(drawn.max()));
    text += &format!("\nThe legacy drew between {least} and {most} run sheets for an instance.\n");
    for verdict in &verdicts {
        text += &format!("\n{}.", verdict.line());
    }
    Some(Section {
        title: "Against the legacy",
        text,
        verdicts: verdicts
            .map(|verdict| ("all instances".to_owned(), verdict))
            .into(),
    })
}

/// Ours beside the legacy.
struct Compared {
    orders: usize,
    /// In percent.
    legacy_gap: f64,
    gap: f64,
    worse: bool,
    /// How many times as fast, until ours had the value that it answered with.
    to_value: f64,
    /// The same, until it answered, mostly with a proof.
    to_answer: f64,
}

fn compared(row: &Row, legacy: &Found, legacy_ms: f64) -> Compared {
    Compared {
        orders: row.instance.n,
        legacy_gap: row.gap_of(legacy.value),
        gap: row.gap_of(row.ours.value),
        worse: row.ours.value > legacy.value,
        to_value: legacy_ms / row.ours.improved_ms,
        to_answer: legacy_ms / row.ours.elapsed_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::legacy;
    use crate::row::testing::row;

    #[test]
    fn to_be_worse_once_or_too_slow_once_is_a_miss() {
        let met = |rows: &[_]| {
            let section = legacy(rows, 2_000.0).unwrap();
            section
                .verdicts
                .iter()
                .map(|(_, verdict)| verdict.met)
                .collect::<Vec<_>>()
        };
        let good = || row("grubhub", 10, true, 10.0, 100);
        assert_eq!(met(&[good(), row("mdrp", 20, false, 2_000.0, 130)]), [true; 3]);
        assert_eq!(
            met(&[good(), row("mdrp", 20, false, 2_000.0, 131)]),
            [false, true, true]
        );
        assert_eq!(
            met(&[good(), row("mdrp", 5, true, 10.1, 100)]),
            [true, false, false]
        );
        assert!(legacy(&[], 2_000.0).is_none());
    }
}
