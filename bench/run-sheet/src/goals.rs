//! What each set has to reach, by the number of orders.

use crate::group::Group;
use crate::verdict::Verdict;

/// What is asked of these rows, and what came of it; nothing for other sets.
pub fn of(group: &Group) -> Vec<Verdict> {
    let proven = |part: f64| {
        let least = (group.rows.len() as f64 * part).ceil();
        Verdict::at_least("proven", group.proven() as f64, least, "")
    };
    let median = |limit| Verdict::at_most("median to the proof", group.proof_times().median(), limit, " ms");
    let gap = |limit| Verdict::at_most("worst gap", group.gaps().max(), limit, " %");
    match (group.set, group.n) {
        ("grubhub", n) => {
            let slowest = Verdict::at_most("slowest", group.times().max(), 2_000.0, " ms");
            let fixed = [proven(1.0), gap(0.0), slowest];
            fixed.into_iter().chain(grubhub_median(n).map(median)).collect()
        }
        ("dumitrescu", 20) => vec![proven(0.8)],
        ("dumitrescu", 25..=35) => vec![gap(0.0)],
        ("mdrp", 8) => vec![proven(1.0), median(5.0)],
        ("mdrp", 10) => vec![proven(1.0), median(50.0)],
        ("mdrp", 15..=20) => vec![gap(0.5)],
        _ => vec![],
    }
}

/// In milliseconds.
fn grubhub_median(n: usize) -> Option<f64> {
    match n {
        ..=8 => Some(1.0),
        10 => Some(5.0),
        13 => Some(50.0),
        15 => Some(500.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::group::groups;
    use crate::row::{Row, testing::row};

    const MEDIAN: &str = "median to the proof";

    /// What a set with `n` orders misses when of each instance this is so: proven,
    /// milliseconds, percent above the best known.
    fn missed(set: &str, n: usize, all: &[(bool, f64, i64)]) -> Vec<String> {
        let row = |&(proven, ms, percent): &_| row(set, n, proven, ms, 100 + percent);
        let rows: Vec<Row> = all.iter().map(row).collect();
        let verdicts: Vec<_> = groups(&rows).iter().flat_map(of).collect();
        assert!(!verdicts.is_empty());
        let missed = verdicts.into_iter().filter(|verdict| !verdict.met);
        missed.map(|verdict| verdict.what).collect()
    }

    #[test]
    fn grubhub_has_all_proven_and_a_median_for_some_sizes() {
        let quick = |ms| (true, ms, 0);
        let never = (false, 1.0, 0);
        assert!(missed("grubhub", 10, &[quick(4.9), quick(1_999.0), quick(1.0)]).is_empty());
        assert_eq!(missed("grubhub", 10, &[quick(5.1)]), [MEDIAN]);
        assert!(missed("grubhub", 9, &[quick(5.1)]).is_empty());
        assert_eq!(missed("grubhub", 8, &[quick(1.1)]), [MEDIAN]);
        assert_eq!(
            missed("grubhub", 15, &[never, quick(400.0), quick(400.0)]),
            ["proven"]
        );
        assert_eq!(
            missed("grubhub", 15, &[never, never, quick(400.0)]),
            ["proven", MEDIAN]
        );
        assert_eq!(
            missed("grubhub", 11, &[(true, 2_000.1, 1)]),
            ["worst gap", "slowest"]
        );
    }

    #[test]
    fn one_of_five_may_be_unproven_at_twenty() {
        let proven = (true, 100.0, 0);
        let not = (false, 2_000.0, 0);
        assert!(missed("dumitrescu", 20, &[proven, not, proven, proven, proven]).is_empty());
        assert_eq!(
            missed("dumitrescu", 20, &[proven, not, proven, not, proven]),
            ["proven"]
        );
    }

    #[test]
    fn below_the_best_known_is_as_good_and_a_percent_above_is_not() {
        let (below, above) = ((false, 2_000.0, -1), (false, 2_000.0, 1));
        assert!(missed("dumitrescu", 35, &[below]).is_empty());
        assert_eq!(missed("dumitrescu", 25, &[below, above]), ["worst gap"]);
        assert_eq!(missed("mdrp", 20, &[above]), ["worst gap"]);
        assert_eq!(missed("mdrp", 8, &[(false, 1.0, 0)]), ["proven", MEDIAN]);
    }
}
