use std::collections::BTreeMap;

use super::*;

fn order(rows: u64, due: u64, seed: u64) -> Order {
    Order {
        rows,
        due,
        at: at("2026-11-24T10:30:00.250Z"),
        centers: 500,
        seed,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn rows(order: &Order) -> Vec<Row> {
    let centers: Vec<i64> = (1..=500).collect();
    Rows::new(order, &centers, at("2026-11-24T10:00:12Z")).collect()
}

#[test]
fn as_many_are_due_as_asked_for_and_all_others_leave_the_instant_alone() {
    for (count, due) in [(20_000, 500), (1, 1), (7, 0), (300, 300)] {
        let order = order(count, due, 1);
        let all = rows(&order);
        assert_eq!(all.len() as u64, count);
        let due_rows = all.iter().filter(|row| row.kind == Kind::Due);
        assert_eq!(due_rows.count() as u64, due);
        for row in &all {
            let is_at = row.publish_at == order.at;
            assert_eq!(is_at, row.kind == Kind::Due);
            let around = row.publish_at.duration_since(order.at).abs();
            assert!(is_at || around > SignedDuration::from_mins(59), "{row:?}");
            assert!(row.starts_at > row.publish_at);
            assert_eq!(row.published_at.is_some(), row.kind == Kind::Published);
            if row.kind == Kind::Scheduled {
                assert!(row.publish_at > order.at);
            }
        }
    }
}

#[test]
fn what_is_due_is_scattered_over_rows_and_centers() {
    let all = rows(&order(50_000, 1_000, 1));
    let due: Vec<usize> = (0..all.len()).filter(|&row| all[row].kind == Kind::Due).collect();
    for part in 0..10 {
        let within = due.iter().filter(|&&row| row / 5_000 == part).count();
        assert!((60..=140).contains(&within), "{within} of 1,000 in part {part}");
    }
    let mut centers: Vec<i64> = due.iter().map(|&row| all[row].center).collect();
    centers.sort_unstable();
    centers.dedup();
    assert!(centers.len() > 380, "{}", centers.len());
}

#[test]
fn the_mix_is_that_of_a_table_in_use() {
    let mut mix = BTreeMap::<Kind, usize>::new();
    for row in rows(&order(40_000, 0, 1)) {
        *mix.entry(row.kind).or_default() += 1;
    }
    for (kind, share) in [
        (Kind::Published, 30_000),
        (Kind::Scheduled, 8_000),
        (Kind::Cancelled, 2_000),
    ] {
        assert!(mix[&kind].abs_diff(share) < share / 10, "{mix:?}");
    }
}

#[test]
fn a_seed_gives_the_same_again_and_another_does_not() {
    let [first, again, other] = [7, 7, 8].map(|seed| rows(&order(1_000, 100, seed)));
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn an_instant_that_has_passed_is_before_all_that_is_scheduled() {
    let past = Order {
        at: at("2026-10-01T00:00:00Z"),
        ..order(1_000, 10, 1)
    };
    let now = at("2026-11-24T10:00:12Z");
    let scheduled = rows(&past).into_iter().filter(|row| row.kind == Kind::Scheduled);
    assert!(
        scheduled
            .map(|row| row.publish_at)
            .all(|publish_at| publish_at > now)
    );
}
