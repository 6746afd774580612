use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("a zone")
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn times(text: &str, zone: TimeZone) -> Times {
    Times {
        text: text.to_owned(),
        expression: Expression::parse(text, &zone).expect(text),
        zone,
        start: None,
        end: None,
    }
}

/// The next `count` times after `after`, on the zone's clocks.
fn walls(text: &str, zone: &TimeZone, after: &str, count: usize) -> Vec<String> {
    let (times, after) = (times(text, zone.clone()), time(after));
    let next = |from: &Timestamp| times.next(*from, after);
    std::iter::successors(next(&after), next)
        .take(count)
        .map(|next| next.to_zoned(zone.clone()).strftime("%F %a %H:%M %Z").to_string())
        .collect()
}

#[test]
fn every_form_of_a_cron_field_is_understood() {
    let utc = TimeZone::UTC;
    for (expression, expected) in [
        (
            "cron(0/20 * * * ? *)",
            ["2026-01-01 Thu 00:20", "2026-01-01 Thu 00:40"],
        ),
        (
            "cron(5/25 3 * * ? *)",
            ["2026-01-01 Thu 03:05", "2026-01-01 Thu 03:30"],
        ),
        (
            "cron(10-30/15 3,4 * * ? *)",
            ["2026-01-01 Thu 03:10", "2026-01-01 Thu 03:25"],
        ),
        // Sunday is 1, as in Quartz.
        (
            "cron(0 8 ? * 1 *)",
            ["2026-01-04 Sun 08:00", "2026-01-11 Sun 08:00"],
        ),
        (
            "cron(0 8 ? * MON-FRI *)",
            ["2026-01-01 Thu 08:00", "2026-01-02 Fri 08:00"],
        ),
        (
            "cron(0 8 ? * 2-6 *)",
            ["2026-01-01 Thu 08:00", "2026-01-02 Fri 08:00"],
        ),
        (
            "cron(0 8 ? * sat,SUN *)",
            ["2026-01-03 Sat 08:00", "2026-01-04 Sun 08:00"],
        ),
        (
            "cron(0 8 ? * L *)",
            ["2026-01-03 Sat 08:00", "2026-01-10 Sat 08:00"],
        ),
        (
            "cron(0 8 ? * 6L *)",
            ["2026-01-30 Fri 08:00", "2026-02-27 Fri 08:00"],
        ),
        (
            "cron(0 8 ? * 3#2 *)",
            ["2026-01-13 Tue 08:00", "2026-02-10 Tue 08:00"],
        ),
        (
            "cron(0 8 ? * MON#5 *)",
            ["2026-03-30 Mon 08:00", "2026-06-29 Mon 08:00"],
        ),
        (
            "cron(0 8 L * ? *)",
            ["2026-01-31 Sat 08:00", "2026-02-28 Sat 08:00"],
        ),
        (
            "cron(0 8 LW * ? *)",
            ["2026-01-30 Fri 08:00", "2026-02-27 Fri 08:00"],
        ),
        // 3 January is a Saturday; 1 February a Sunday, whose weekday stays in its month.
        (
            "cron(0 8 3W * ? *)",
            ["2026-01-02 Fri 08:00", "2026-02-03 Tue 08:00"],
        ),
        (
            "cron(0 8 1W FEB ? *)",
            ["2026-02-02 Mon 08:00", "2027-02-01 Mon 08:00"],
        ),
        (
            "cron(0 0 1 JAN,jul ? *)",
            ["2026-07-01 Wed 00:00", "2027-01-01 Fri 00:00"],
        ),
        (
            "cron(0 0 29 2 ? *)",
            ["2028-02-29 Tue 00:00", "2032-02-29 Sun 00:00"],
        ),
        (
            "cron(0 0 1 1 ? 2027/3)",
            ["2027-01-01 Fri 00:00", "2030-01-01 Tue 00:00"],
        ),
        (
            "cron(0 0 1 1 ? */2)",
            ["2028-01-01 Sat 00:00", "2030-01-01 Tue 00:00"],
        ),
        (
            "cron(0 0 */10 * ? *)",
            ["2026-01-11 Sun 00:00", "2026-01-21 Wed 00:00"],
        ),
    ] {
        let expected = expected.map(|wall| format!("{wall} UTC"));
        assert_eq!(
            walls(expression, &utc, "2026-01-01T00:00:00Z", 2),
            expected,
            "{expression}"
        );
    }
}

#[test]
fn what_eventbridge_refuses_is_refused() {
    for (expression, expected) in [
        ("every minute", "rate(value unit), cron(minutes"),
        ("rate(5)", "rate(value unit)"),
        ("rate(0 minutes)", "rate(value unit)"),
        ("rate(+5 minutes)", "rate(value unit)"),
        ("rate(5 seconds)", "rate(value unit)"),
        ("rate(5 minutes or so)", "rate(value unit)"),
        ("at(2026-13-01T00:00:00)", "at(yyyy-mm-ddThh:mm:ss)"),
        ("at(2026-01-01T00:00:00Z)", "at(yyyy-mm-ddThh:mm:ss)"),
        (
            "at(2026-03-29T01:30:00)",
            "a time that the clocks of Europe/London do not skip",
        ),
        (
            "cron(* * * * *)",
            "six fields in cron(minutes hours day-of-month month day-of-week year), not 5",
        ),
        (
            "cron(* * * * * *)",
            "`?` in one of the fields day-of-month and day-of-week",
        ),
        ("cron(* * ? * ? *)", "`?` in one of the fields"),
        (
            "cron(60 * * * ? *)",
            "minutes from 0 to 59, with , - * / instead of `60`",
        ),
        ("cron(0 24 * * ? *)", "hours from 0 to 23"),
        ("cron(0 4-2 * * ? *)", "hours from 0 to 23"),
        (
            "cron(0 0 0 * ? *)",
            "day-of-month from 1 to 31, with , - * / L W instead of `0`",
        ),
        ("cron(0 0 L,5 * ? *)", "day-of-month"),
        ("cron(0 0 * MON ? *)", "month from 1 to 12 or JAN to DEC"),
        (
            "cron(0 0 ? * 0 *)",
            "day-of-week from 1 to 7 or SUN to SAT, with , - * L # instead of `0`",
        ),
        ("cron(0 0 ? * 3#1,6#3 *)", "day-of-week"),
        ("cron(0 0 ? * 2/2 *)", "day-of-week"),
        ("cron(0 0 ? * MON#6 *)", "day-of-week"),
        ("cron(*/0 0 * * ? *)", "minutes"),
        ("cron(, 0 * * ? *)", "minutes"),
        ("cron(0 0 1 1 ? 1969)", "year from 1970 to 2199"),
        ("cron(0 0 31 2 ? *)", "a date that exists"),
    ] {
        let refused = Expression::parse(expression, &zone("Europe/London")).expect_err(expression);
        let refused = refused.to_string();
        assert!(refused.starts_with(expected), "{expression}: {refused}");
    }
}

#[test]
fn a_rate_counts_from_its_start_and_knows_no_clocks() {
    let mut rate = times("rate(1 day)", zone("America/New_York"));
    let created = time("2026-03-07T12:00:00Z");
    // The first at once, the next after 24 hours, although this day has 23.
    let before = time("2026-03-07T11:59:59Z");
    assert_eq!(rate.next(before, created), Some(created));
    assert_eq!(rate.next(created, created), Some(time("2026-03-08T12:00:00Z")));
    rate.start = Some(time("2026-01-01T06:00:00Z"));
    assert_eq!(rate.next(created, created), Some(time("2026-03-08T06:00:00Z")));
    assert_eq!(rate.next(time("2025-01-01T00:00:00Z"), created), rate.start);
    rate.end = Some(time("2026-03-08T05:59:59Z"));
    assert_eq!(rate.next(created, created), None);
}

#[test]
fn the_dates_limit_what_recurs_and_not_what_happens_once() {
    let (start, end) = (time("2026-01-02T00:00:00Z"), time("2026-01-03T00:00:00Z"));
    let limited = |text: &str| Times {
        start: Some(start),
        end: Some(end),
        ..times(text, TimeZone::UTC)
    };
    let (daily, now) = (limited("cron(0 0 * * ? *)"), time("2026-01-01T00:00:00Z"));
    assert_eq!(daily.next(now, now), Some(start));
    assert_eq!(daily.next(start, now), Some(end));
    assert_eq!(daily.next(end, now), None);
    let once = limited("at(2026-01-01T00:00:01)");
    let then = time("2026-01-01T00:00:01Z");
    assert_eq!((once.next(now, now), once.next(then, now)), (Some(then), None));
}

#[test]
fn what_the_clocks_skip_does_not_happen_and_what_they_repeat_happens_once() {
    let new_york = zone("America/New_York");
    let spring = |text| walls(text, &new_york, "2026-03-07T12:00:00Z", 2);
    assert_eq!(
        spring("cron(30 2 * * ? *)"),
        ["2026-03-09 Mon 02:30 EDT", "2026-03-10 Tue 02:30 EDT"]
    );
    let hours = walls("cron(0 * * * ? *)", &new_york, "2026-03-08T05:30:00Z", 3);
    assert_eq!(
        hours,
        [
            "2026-03-08 Sun 01:00 EST",
            "2026-03-08 Sun 03:00 EDT",
            "2026-03-08 Sun 04:00 EDT"
        ]
    );
    let daily = walls("cron(30 1 * * ? *)", &new_york, "2026-11-01T04:30:00Z", 2);
    assert_eq!(daily, ["2026-11-01 Sun 01:30 EDT", "2026-11-02 Mon 01:30 EST"]);
    let halves = walls("cron(0/30 * * * ? *)", &new_york, "2026-11-01T04:45:00Z", 3);
    assert_eq!(
        halves,
        [
            "2026-11-01 Sun 01:00 EDT",
            "2026-11-01 Sun 01:30 EDT",
            "2026-11-01 Sun 02:00 EST"
        ]
    );
    // From within the repeated hour too.
    let within = walls("cron(0/30 * * * ? *)", &new_york, "2026-11-01T06:10:00Z", 1);
    assert_eq!(within, ["2026-11-01 Sun 02:00 EST"]);
}

fn list(values: std::ops::RangeInclusive<u16>) -> impl Strategy<Value = String> {
    let (min, max) = (*values.start(), *values.end());
    let one = values.clone().prop_map(|value| value.to_string());
    let range = (values.clone(), values).prop_map(|(a, b)| format!("{}-{}", a.min(b), a.max(b)));
    let step = (min..=max, 1..=max).prop_map(|(from, step)| format!("{from}/{step}"));
    let part = prop_oneof![one, range, step];
    prop_oneof![
        2 => Just("*".to_owned()),
        3 => prop::collection::vec(part, 1..3).prop_map(|parts| parts.join(",")),
    ]
}

/// Any expression that happens at least once in a few years.
fn cron() -> impl Strategy<Value = String> {
    let month_days = prop_oneof![
        list(1..=28),
        Just("L".into()),
        Just("LW".into()),
        Just("15W".into())
    ];
    let week_days = prop_oneof![
        Just("*".to_owned()),
        (1..=7u8).prop_map(|day| format!("{day}L")),
        (1..=7u8, 1..=4u8).prop_map(|(day, which)| format!("{day}#{which}")),
        (1..=6u8).prop_map(|day| format!("{day}-7")),
    ];
    let days = prop_oneof![
        month_days.prop_map(|day| (day, "?".to_owned())),
        week_days.prop_map(|day| ("?".to_owned(), day)),
    ];
    (list(0..=59), list(0..=23), days, list(1..=12)).prop_map(|(minutes, hours, (day, week_day), month)| {
        format!("cron({minutes} {hours} {day} {month} {week_day} *)")
    })
}

proptest! {
    #[test]
    fn times_only_grow_match_and_leave_none_out(
        text in cron(),
        name in prop::sample::select(vec!["UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe"]),
        seconds in 1_700_000_000i64..1_900_000_000,
    ) {
        let zone = zone(name);
        let times = times(&text, zone.clone());
        let Expression::Cron(cron) = &times.expression else { unreachable!("a cron expression") };
        let start = Timestamp::from_second(seconds).expect("a time");
        let mut after = start;
        for _ in 0..20 {
            let next = times.next(after, start).expect("it recurs");
            prop_assert!(next > after);
            prop_assert!(cron.matches(zone.to_datetime(next)));
            prop_assert_eq!(next.as_second() % 60, 0);
            // Minute by minute, for a while: nothing between the two matches,
            // but what the wall shows for the second time.
            let between = (1..=240).map(SignedDuration::from_mins);
            let minute = Timestamp::from_second(after.as_second().div_euclid(60) * 60).expect("a time");
            for moment in between.map(|minutes| minute + minutes).filter(|moment| *moment < next) {
                let wall = zone.to_datetime(moment);
                let first = cron::instant(wall, &zone);
                prop_assert!(!cron.matches(wall) || first < Some(moment), "{moment} is left out");
            }
            after = next;
        }
    }
}
