use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;

fn setting(weekday: i64, time: &str, weeks_ahead: i64, zone: &str) -> Setting {
    Setting {
        id: 7,
        center: 1,
        class_kind: None,
        weekday,
        publish_time: time.to_owned(),
        weeks_ahead,
        time_zone: zone.to_owned(),
    }
}

fn rule(weekday: i64, time: &str, weeks_ahead: i64, zone: &str) -> Rule {
    Rule::of(&setting(weekday, time, weeks_ahead, zone)).expect("a right setting")
}

fn opening(rule: &Rule, starts_at: &str) -> String {
    let starts_at = starts_at.parse().expect("a time");
    let opening = rule.opening(rule.week_of(starts_at)).expect("in range");
    opening.to_string()
}

#[test]
fn the_weeks_lessons_open_weeks_before_on_the_weekday_at_the_time() {
    let seoul = rule(1, "10:30", 1, "Asia/Seoul");
    // Monday 00:00 and Sunday 23:59 of a week in Seoul.
    for starts_at in ["2026-11-29T15:00:00Z", "2026-12-06T14:59:59Z"] {
        assert_eq!(opening(&seoul, starts_at), "2026-11-23T01:30:00Z");
    }
    assert_eq!(opening(&seoul, "2026-12-06T15:00:00Z"), "2026-11-30T01:30:00Z");
    let same_week = rule(3, "00:00:00", 0, "UTC");
    assert_eq!(
        opening(&same_week, "2026-11-27T09:00:00Z"),
        "2026-11-25T00:00:00Z"
    );
}

#[test]
fn a_time_that_does_not_exist_moves_on_by_the_gap() {
    let new_york = rule(7, "02:30", 0, "America/New_York");
    assert_eq!(opening(&new_york, "2026-03-08T18:00:00Z"), "2026-03-08T07:30:00Z");
}

#[test]
fn a_time_that_exists_twice_is_the_first() {
    let new_york = rule(7, "01:30", 0, "America/New_York");
    assert_eq!(opening(&new_york, "2026-11-01T18:00:00Z"), "2026-11-01T05:30:00Z");
}

#[test]
fn a_week_that_begins_in_a_gap_begins_with_its_first_instant() {
    // Clocks in Beirut go from 00:00 to 01:00.
    let beirut = rule(1, "10:00", 1, "Asia/Beirut");
    let span = beirut
        .span("2026-03-30".parse().expect("a date"))
        .expect("in range");
    let days = span.end.duration_since(span.begin).as_hours();
    assert_eq!(days, 168);
    let before = beirut
        .span("2026-03-23".parse().expect("a date"))
        .expect("in range");
    assert_eq!(
        (before.end, before.end.duration_since(before.begin).as_hours()),
        (span.begin, 167)
    );
}

#[test]
fn of_equals_the_one_that_opens_first_wins() {
    let mut rules = [
        rule(1, "10:30", 1, "UTC"),
        rule(5, "10:30", 2, "UTC"),
        rule(1, "09:00", 1, "UTC"),
    ];
    rules.sort_by_key(Rule::order);
    let openings = rules.map(|rule| opening(&rule, "2026-11-27T09:00:00Z"));
    assert!(openings.is_sorted(), "{openings:?}");
}

#[test]
fn what_makes_no_sense_is_named() {
    for (setting, field) in [
        (setting(0, "10:30", 1, "UTC"), "weekday"),
        (setting(8, "10:30", 1, "UTC"), "weekday"),
        (setting(1, "25:00", 1, "UTC"), "publish_time"),
        (setting(1, "half past ten", 1, "UTC"), "publish_time"),
        (setting(1, "10:30", -1, "UTC"), "weeks_ahead"),
        (setting(1, "10:30", 521, "UTC"), "weeks_ahead"),
        (setting(1, "10:30", 1, "Asia/Soul"), "time_zone"),
    ] {
        let wrong = Rule::of(&setting).expect_err(field);
        assert_eq!((wrong.id, wrong.field), (7, field));
    }
}

proptest! {
    #[test]
    fn a_slot_finds_exactly_the_weeks_that_open_in_it(
        weekday in 1i64..=7,
        minute in 0i64..24 * 60,
        weeks_ahead in 0i64..6,
        zone in prop::sample::select(vec![
            "UTC", "Asia/Seoul", "America/New_York", "Europe/London", "Asia/Beirut", "Pacific/Apia",
            "Australia/Lord_Howe", "America/Sao_Paulo",
        ]),
        week in 0i64..1_500,
    ) {
        let time = format!("{:02}:{:02}", minute / 60, minute % 60);
        let rule = rule(weekday, &time, weeks_ahead, zone);
        let week: Date = "2009-01-05".parse::<Date>().expect("a Monday").checked_add(week.weeks()).expect("in range");
        let opening = rule.opening(week).expect("in range");
        let slot = Slot::minute_of(opening);
        prop_assert!(rule.weeks_opening_in(slot).contains(&week));
        let next = Slot::minute_of(slot.end);
        prop_assert!(!rule.weeks_opening_in(next).contains(&week));
        // Every lesson of the week's span is of that week, and those around are not.
        let span = rule.span(week).expect("in range");
        prop_assert_eq!(rule.week_of(span.begin), week);
        prop_assert_eq!(rule.week_of(span.end - SignedDuration::from_millis(1)), week);
        prop_assert!(rule.week_of(span.end) > week);
    }
}
