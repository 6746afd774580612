use std::sync::atomic::{AtomicI64, Ordering};

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::*;
use crate::faults::FaultSettings;
use crate::schedule::{Expression, Times};
use crate::template::ScheduleKind;

const NOON: &str = "2026-01-26T12:00:30Z";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn schedule(text: &str) -> Schedule {
    Schedule {
        name: "slots".to_owned(),
        kind: ScheduleKind::Scheduler {
            group: "default".to_owned(),
        },
        times: Times {
            text: text.to_owned(),
            expression: Expression::parse(text, &TimeZone::UTC).expect(text),
            zone: TimeZone::UTC,
            start: None,
            end: None,
        },
        input: Some(r#""<aws.scheduler.scheduled-time>""#.to_owned()),
        window: Duration::ZERO,
        max_age: Duration::from_secs(86_400),
    }
}

/// A scheduler of one schedule, whose clock begins at [`NOON`], goes with
/// tokio's paused one, and can be set.
struct Bench {
    scheduler: Scheduler,
    faults: Faults,
    clock: Clock,
    ahead: Arc<AtomicI64>,
    events: Arc<Mutex<Vec<(Timestamp, String)>>>,
}

impl Bench {
    fn new(schedule: Schedule) -> Self {
        let (began, ahead) = (Instant::now(), Arc::new(AtomicI64::new(0)));
        let set = Arc::clone(&ahead);
        let clock = Clock::new(move || {
            let passed = SignedDuration::try_from(began.elapsed()).expect("short");
            time(NOON) + passed + SignedDuration::from_secs(set.load(Ordering::SeqCst))
        });
        let events = Arc::<Mutex<Vec<_>>>::default();
        let (seen, now) = (Arc::clone(&events), clock.clone());
        let invoke = move |function, payload: Bytes| {
            assert_eq!(function, 7);
            let payload = String::from_utf8(payload.to_vec()).expect("text");
            seen.lock().expect("not poisoned").push((now.now(), payload));
        };
        let scheduled = Scheduled {
            function: 7,
            function_name: "Publish".to_owned(),
            schedule,
        };
        let names = Names {
            account_id: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
        };
        let faults = Faults::default();
        let scheduler = Scheduler::new(vec![scheduled], names, clock.clone(), faults.clone(), invoke);
        Self {
            scheduler,
            faults,
            clock,
            ahead,
            events,
        }
    }

    async fn pass(&self, seconds: u64) {
        sleep(Duration::from_secs(seconds)).await;
        // The scheduler wakes at this very moment, and may be after us.
        sleep(Duration::from_millis(2)).await;
    }

    fn set_ahead(&self, seconds: i64) {
        self.ahead.store(seconds, Ordering::SeqCst);
    }

    /// What came since the last look.
    fn events(&self) -> Vec<(Timestamp, String)> {
        std::mem::take(&mut self.events.lock().expect("not poisoned"))
    }

    /// The minutes and seconds of the times for which it was triggered.
    fn slots(&self) -> Vec<String> {
        let slot = |(_, payload): (Timestamp, String)| payload.trim_matches('"')[11..19].to_owned();
        self.events().into_iter().map(slot).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn each_time_triggers_once_and_on_the_dot() {
    let bench = Bench::new(schedule("cron(* * * * ? *)"));
    bench.scheduler.start();
    bench.pass(150).await;
    let events = bench.events();
    let at: Vec<i64> = events
        .iter()
        .map(|(at, _)| at.as_millisecond() % 60_000)
        .collect();
    assert!(at.iter().all(|late| *late <= 2), "{at:?} ms");
    let payloads: Vec<&str> = events.iter().map(|(_, payload)| payload.as_str()).collect();
    assert_eq!(
        payloads,
        [
            r#""2026-01-26T12:01:00Z""#,
            r#""2026-01-26T12:02:00Z""#,
            r#""2026-01-26T12:03:00Z""#
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_rate_begins_at_once_and_a_rules_rate_after_its_period() {
    let rate = Bench::new(schedule("rate(1 minute)"));
    rate.scheduler.start();
    let rule = Bench::new(Schedule {
        kind: ScheduleKind::Rule,
        input: None,
        ..schedule("rate(1 minute)")
    });
    rule.scheduler.start();
    rate.pass(0).await;
    assert_eq!(
        (rate.slots(), rule.events().len()),
        (vec!["12:00:30".to_owned()], 0)
    );
    rate.pass(60).await;
    assert_eq!(
        (rate.slots(), rule.events().len()),
        (vec!["12:01:30".to_owned()], 1)
    );
}

#[tokio::test(start_paused = true)]
async fn the_function_gets_what_eventbridge_sends() {
    let input = json!({
        "schedule": "<aws.scheduler.schedule-arn>",
        "slot": "<aws.scheduler.scheduled-time>",
        "execution": "<aws.scheduler.execution-id>",
        "attempt": "<aws.scheduler.attempt-number>",
        "other": "<aws.scheduler.other>",
    });
    let once = |kind: ScheduleKind, input: Option<&Value>| Schedule {
        kind,
        input: input.map(Value::to_string),
        ..schedule("at(2026-01-26T12:00:31)")
    };
    let scheduler = || ScheduleKind::Scheduler {
        group: "night".to_owned(),
    };
    let default = |source: &str, arn: &str, detail: Value| {
        json!({
            "version": "0", "detail-type": "Scheduled Event", "source": source,
            "account": "000000000000", "time": "2026-01-26T12:00:31Z", "region": "us-east-1",
            "resources": [arn], "detail": detail,
        })
    };
    let arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/night/slots";
    let rule = "arn:aws:events:us-east-1:000000000000:rule/slots";
    let filled = json!({
        "schedule": arn, "slot": "2026-01-26T12:00:31Z", "attempt": "1", "other": "<aws.scheduler.other>",
    });
    for (schedule, mut expected, own, digits) in [
        (once(scheduler(), Some(&input)), filled, "execution", 16),
        (
            once(scheduler(), None),
            default("aws.scheduler", arn, json!("{}")),
            "id",
            36,
        ),
        (
            once(ScheduleKind::Rule, None),
            default("aws.events", rule, json!({})),
            "id",
            36,
        ),
        (
            once(ScheduleKind::Rule, Some(&input)),
            input.clone(),
            "execution",
            28,
        ),
    ] {
        let bench = Bench::new(schedule);
        bench.scheduler.start();
        bench.pass(5).await;
        let events = bench.events();
        assert_eq!(events.len(), 1);
        let event: Value = serde_json::from_str(&events[0].1).expect("JSON");
        assert_eq!(event[own].as_str().map(str::len), Some(digits), "{event}");
        expected[own] = event[own].clone();
        assert_eq!(event, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_goes_back_a_little_repeats_nothing() {
    let bench = Bench::new(schedule("cron(* * * * ? *)"));
    bench.scheduler.start();
    bench.pass(31).await;
    assert_eq!(bench.slots(), ["12:01:00"]);
    bench.set_ahead(-5);
    bench.pass(60).await;
    assert_eq!(bench.slots(), [] as [&str; 0], "12:01:56 on the wall");
    bench.pass(5).await;
    assert_eq!(bench.slots(), ["12:02:00"]);
    // An hour is no correction: the clock was wrong before.
    bench.set_ahead(-3_600);
    bench.pass(60).await;
    assert_eq!(bench.slots(), ["11:03:00"]);
}

#[tokio::test(start_paused = true)]
async fn of_what_a_sleeping_machine_missed_the_last_happens() {
    let bench = Bench::new(schedule("cron(* * * * ? *)"));
    bench.scheduler.start();
    bench.set_ahead(8 * 3_600);
    bench.pass(2).await;
    assert_eq!(bench.slots(), ["20:00:00"]);
    bench.pass(60).await;
    assert_eq!(bench.slots(), ["20:01:00"]);

    let impatient = Bench::new(Schedule {
        max_age: Duration::from_secs(600),
        ..schedule("cron(0 * * * ? *)")
    });
    impatient.scheduler.start();
    impatient.set_ahead(8 * 3_600 + 600);
    impatient.pass(2).await;
    assert_eq!(
        impatient.slots(),
        [] as [&str; 0],
        "20:00:00 is 10 minutes and more ago"
    );
    impatient.set_ahead(9 * 3_600);
    impatient.pass(2).await;
    assert_eq!(impatient.slots(), ["21:00:00"]);
}

#[tokio::test(start_paused = true)]
async fn triggers_are_late_and_doubled_as_the_faults_want_it() {
    let bench = Bench::new(schedule("cron(* * * * ? *)"));
    let faults = FaultSettings {
        late_triggers_s: 20,
        duplicated_triggers: 1.0,
        ..FaultSettings::default()
    };
    bench.faults.set(faults).expect("in range");
    bench.scheduler.start();
    bench.pass(29 + 60 * 100).await;
    let events = bench.events();
    assert_eq!(events.len(), 200);
    let late: Vec<i64> = events.iter().map(|(at, _)| at.as_second() % 60).collect();
    assert!(late.iter().all(|late| *late <= 20), "{late:?}");
    // Evenly spread, a quarter is a binomial with a deviation of 6.
    for quarter in [0..5, 15..21] {
        let count = late.iter().filter(|late| quarter.contains(*late)).count();
        assert!((15..=90).contains(&count), "{count} of 200 in {quarter:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_flexible_window_spreads_its_times() {
    let bench = Bench::new(Schedule {
        window: Duration::from_secs(1_800),
        ..schedule("cron(0 * * * ? *)")
    });
    bench.scheduler.start();
    bench.pass(3_600 * 50).await;
    let events = bench.events();
    let late: Vec<i64> = events.iter().map(|(at, _)| at.as_second() % 3_600).collect();
    assert!((49..=50).contains(&late.len()));
    assert!(late.iter().all(|late| *late <= 1_800), "{late:?}");
    assert!(late.iter().any(|late| *late > 60), "{late:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_what_is_only_late_too() {
    let bench = Bench::new(schedule("rate(1 minute)"));
    let faults = FaultSettings {
        late_triggers_s: 60,
        ..FaultSettings::default()
    };
    bench.faults.set(faults).expect("in range");
    bench.scheduler.start();
    bench.pass(0).await;
    let triggered = bench.events().len();
    bench.scheduler.stop();
    bench.pass(600).await;
    assert_eq!(bench.events(), []);
    assert_eq!(bench.scheduler.status()[0].triggers, triggered as u64);
}

#[tokio::test(start_paused = true)]
async fn the_status_has_the_next_time_and_the_last() {
    let bench = Bench::new(schedule("cron(* * * * ? *)"));
    bench.scheduler.start();
    bench.pass(0).await;
    let status = serde_json::to_value(bench.scheduler.status()).expect("JSON");
    assert_eq!(
        status,
        json!([{
            "name": "slots", "function": "Publish", "expression": "cron(* * * * ? *)", "timezone": "UTC",
            "next": "2026-01-26T12:01:00Z", "last_due": null, "last_triggered": null, "triggers": 0,
        }])
    );
    bench.pass(40).await;
    let status = bench.scheduler.status().remove(0);
    assert_eq!(
        (status.last_due, status.triggers),
        (Some(time("2026-01-26T12:01:00Z")), 1)
    );
    let late = status
        .last_triggered
        .expect("triggered")
        .duration_since(time("2026-01-26T12:01:00Z"));
    assert!(late < SignedDuration::from_millis(3), "{late}");
    assert_eq!(status.next, Some(time("2026-01-26T12:02:00Z")));
    assert!(bench.clock.now() < time("2026-01-26T12:02:00Z"));
}

proptest! {
    /// Clocks that run, stand still, jump ahead, and go back a little.
    #[test]
    fn no_time_happens_twice_or_early(steps in prop::collection::vec(-500i64..2_000, 1..200)) {
        let mut now = time(NOON);
        let mut timer = Timer::new(&schedule("cron(0/3 * * * ? *)"), now);
        let mut last = now;
        for step in steps {
            now += SignedDuration::from_secs(step);
            if let Some(Due { slot: Some(slot), .. }) = timer.due(now) {
                prop_assert!(slot > last && slot <= now);
                prop_assert!(now.duration_since(slot) < SignedDuration::from_mins(3), "not the last one");
                last = slot;
            }
        }
    }
}
