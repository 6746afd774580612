use std::{
    future::{pending, ready},
    num::NonZeroUsize,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use lambda_runtime::tracing::Level;
use serde_json::{Value, json};
use testkit::{Written, says, with_log};
use tokio::{sync::Barrier, time::sleep};

use super::*;
use crate::metrics::Metrics;

const POOL: NonZeroUsize = NonZeroUsize::new(3).expect("not zero");

fn warm_up(mode: &str) -> WarmUp {
    WarmUp::from_env(&Env::of([("WARM_UP", mode)])).expect("a mode")
}

#[test]
fn who_waits_decides_unless_it_is_set() {
    for (kind, set, expected) in [
        ("provisioned-concurrency", "", Mode::Full),
        ("on-demand", "", Mode::Connect),
        ("snap-start", "", Mode::Connect),
        ("", "", Mode::Connect),
        ("provisioned-concurrency", "off", Mode::Off),
        ("on-demand", "full", Mode::Full),
        ("on-demand", "basic", Mode::Basic),
    ] {
        let env = Env::of([("AWS_LAMBDA_INITIALIZATION_TYPE", kind), ("WARM_UP", set)]);
        assert_eq!(
            WarmUp::from_env(&env).expect("a mode").mode,
            expected,
            "{kind} {set}"
        );
    }
}

#[test]
fn a_wrong_variable_is_named() {
    for (name, value) in [("WARM_UP", "on"), ("WARM_UP_LIMIT_MS", "2s")] {
        let error = WarmUp::from_env(&Env::of([(name, value)])).expect_err(value);
        assert_eq!(error.variable, name);
    }
}

#[tokio::test]
async fn each_mode_sends_what_it_says() {
    for (mode, expected) in [
        ("off", [0, 0, 1]),
        ("connect", [1, 1, 1]),
        ("basic", [1, 1, 1]),
        ("full", [4, 1, 1]),
    ] {
        let sent = [const { AtomicUsize::new(0) }; 3];
        let count = |of: usize| {
            sent[of].fetch_add(1, Relaxed);
            ready(Ok(()))
        };
        let pings = [
            Ping::new("pool", || count(0)).over(POOL),
            Ping::new("one", || count(1)),
            Ping::new("start", || count(2)).always(),
        ];
        let report = warm_up(mode).run(&pings).await;
        // Stage two first makes sure of two more connections, where a client's call does.
        let connecting = if mode == "full" { POOL.get() - 1 } else { 0 };
        let mut sent = sent.each_ref().map(|sent| sent.load(Relaxed));
        sent[0] -= connecting;
        assert_eq!(sent, expected, "{mode}");
        assert_eq!(report.failed(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn pings_of_a_stage_go_side_by_side() {
    let (first, second) = (Barrier::new(2), AtomicUsize::new(0));
    let meet = || async {
        first.wait().await;
        second.fetch_add(1, Relaxed);
        Ok(())
    };
    let report = warm_up("basic")
        .run(&[Ping::new("a", meet), Ping::new("b", meet)])
        .await;
    assert_eq!((report.failed(), second.load(Relaxed)), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn what_fails_and_what_hangs_is_counted_and_the_end_is_in_time() {
    for (mode, limit) in [("connect", 2), ("basic", 6), ("full", 6)] {
        let pings = [
            Ping::new("refused", || ready(Err(Failed::new("No")))),
            Ping::new("hanging", pending).over(POOL),
            Ping::new("well", || ready(Ok(()))),
        ];
        let began = Instant::now();
        let report = warm_up(mode).run(&pings).await;
        let late = began.elapsed().saturating_sub(Duration::from_secs(limit));
        // A timer's own millisecond is beside it.
        assert!(late < Duration::from_millis(10), "{mode}: {late:?} late");
        let stage_one: Vec<_> = report
            .pinged
            .iter()
            .filter(|one| one.stage == Stage::One)
            .collect();
        let code = |name| {
            let pinged = stage_one.iter().find(|one| one.name == name)?;
            Some(pinged.failed.last()?.code.clone())
        };
        assert_eq!(code("refused").as_deref(), Some("No"));
        assert_eq!(code("hanging").as_deref(), Some("DeadlineExceeded"));
        assert_eq!(code("well"), None);
    }
}

/// What an answer does not wait for goes on beside it; what it does not need costs it
/// nothing.
#[tokio::test(start_paused = true)]
async fn where_someone_waits_no_more_is_waited_for_than_an_answer_would() {
    let begun = AtomicUsize::new(0);
    let hang = |times: usize| {
        begun.fetch_add(times, Relaxed);
        pending()
    };
    let pings = [
        Ping::new("beside", || hang(1)).beside(),
        Ping::new("seldom", || hang(10)).seldom(),
        Ping::new("needed", || async {
            sleep(Duration::from_millis(20)).await;
            Ok(())
        }),
    ];
    let began = Instant::now();
    let warm_up = warm_up("connect");
    let (report, lines) = with_log(Level::INFO, warm_up.run(&pings)).await;
    assert_eq!(report.pinged.len(), 1);
    assert!(began.elapsed() < Duration::from_millis(30));
    assert_eq!(begun.load(Relaxed), 1);
    assert!(
        says(&lines, &["connecting beside", "ping=\"beside\""]),
        "{lines:?}"
    );
}

/// What `report` is in lines.
fn recorded(report: &Report) -> Vec<Value> {
    let written = Written::default();
    let env = Env::of([("AWS_LAMBDA_FUNCTION_NAME", "ingest")]);
    report.record(&Metrics::to(&env, written.clone()));
    let parsed = written
        .lines()
        .into_iter()
        .map(|line| serde_json::from_str(&line).expect("JSON"));
    parsed.collect()
}

/// A line's directive: dimensions, then metrics with units.
fn directive(dimensions: &[&str], metrics: &[(&str, &str)]) -> Value {
    let metrics: Vec<_> = metrics
        .iter()
        .map(|(name, unit)| json!({"Name": name, "Unit": unit}))
        .collect();
    json!([{"Namespace": "Punctual", "Dimensions": [dimensions], "Metrics": metrics}])
}

#[tokio::test(start_paused = true)]
async fn each_ping_and_all_of_it_become_metrics() {
    let pings = [
        Ping::new("pool", async || {
            sleep(Duration::from_millis(20)).await;
            Ok(())
        })
        .over(POOL),
        Ping::new("down", async || Err(Failed::new("Refused"))),
    ];
    let report = warm_up("full").run(&pings).await;
    let [pool, down, filled, all] = &recorded(&report)[..] else {
        panic!("four lines")
    };
    let time_and_failed = |name| [(name, "Milliseconds"), ("PingFailed", "Count")];
    let by_ping = ["FunctionName", "Ping"];
    assert_eq!(
        pool["_aws"]["CloudWatchMetrics"],
        directive(&by_ping, &time_and_failed("PingTime"))
    );
    assert_eq!(
        (
            &pool["FunctionName"],
            &pool["Ping"],
            &pool["PingTime"],
            &pool["PingFailed"]
        ),
        (&json!("ingest"), &json!("pool"), &json!(20), &json!(0))
    );
    assert_eq!((&down["Ping"], &down["PingFailed"]), (&json!("down"), &json!(1)));
    assert_eq!(
        filled["_aws"]["CloudWatchMetrics"],
        directive(&by_ping, &time_and_failed("PoolTime"))
    );
    assert_eq!(
        (&filled["Ping"], &filled["PoolTime"]),
        (&json!("pool"), &json!(40))
    );
    assert_eq!(
        all["_aws"]["CloudWatchMetrics"],
        directive(
            &["FunctionName"],
            &[
                ("InitTime", "Milliseconds"),
                ("WarmUpTime", "Milliseconds"),
                ("WarmUpFailed", "Count")
            ]
        )
    );
    assert_eq!(
        (&all["Mode"], &all["WarmUpTime"], &all["WarmUpFailed"]),
        (&json!("full"), &json!(60), &json!(1))
    );
}

#[tokio::test]
async fn an_environment_that_warms_nothing_up_says_how_it_began_too() {
    let pings = [Ping::new("one", async || Ok(()))];
    let report = warm_up("off").run(&pings).await;
    let [init] = &recorded(&report)[..] else {
        panic!("one line")
    };
    assert_eq!((&init["Mode"], &init["WarmUpFailed"]), (&json!("off"), &json!(0)));
    assert!(init["InitTime"].as_f64().is_some_and(|time| time > 0.0), "{init}");
}
