//! The metrics that a run of the whole stack writes, against what says that they are
//! there: docs/METRICS.md, and the template's dashboard and alarms. Its log lines against
//! docs/LOGGING.md. And the numbers on its console, against the files, the tables and
//! the queues.

mod console;
mod document;
mod emitted;
#[path = "../lessons/support.rs"]
#[allow(dead_code, reason = "the lessons' tests use all of it")]
mod support;
mod watched;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use testkit::Redis;

use console::Page;
use document::Document;
use support::{Stack, punctual, root};

/// A run's line is written when its minute is over.
const PATIENCE: Duration = Duration::from_secs(90);
const POINT: &str = r#"{"agent_id":"a","recorded_at":1769443022000,"lat":1.5,"lon":2.5}"#;

fn post(stack: &Stack, path: &str, key: &str, body: &str) -> u16 {
    let request = ureq::post(format!("{}{path}", stack.url)).header("x-api-key", key);
    let request = request.config().http_status_as_error(false).build();
    request.send(body).expect("an answer").status().as_u16()
}

fn set_faults(stack: &Stack, faults: &Value) {
    let request = ureq::put(format!("{}/_punctual/faults", stack.url));
    request.send(faults.to_string()).expect("faults are set");
}

fn invoke(stack: &Stack, function: &str, event: &Value) {
    let url = format!("{}/2015-03-31/functions/{function}/invocations", stack.url);
    ureq::post(url).send(event.to_string()).expect("an answer");
}

/// Traces that are stored, rejected, refused, that Firehose takes in the second
/// attempt, and that SQS does not take.
fn ingest(stack: &Stack, data_dir: &Path) {
    const PATH: &str = "/data/agents/traces";
    let bad = POINT.replace("1.5", "91");
    assert_eq!(
        post(stack, PATH, "local-dev-key", &format!("[{POINT},{bad}]")),
        202
    );
    assert_eq!(post(stack, PATH, "another", POINT), 401);
    set_faults(stack, &json!({"firehose_throttled_calls": 0.5}));
    wait(
        data_dir,
        |line| !line["ErrorCode"].is_null(),
        || {
            assert_eq!(post(stack, PATH, "local-dev-key", POINT), 202);
        },
    );
    set_faults(stack, &json!({"sqs_failed_calls": 1.0}));
    assert_eq!(post(stack, PATH, "local-dev-key", POINT), 503);
    set_faults(stack, &json!({}));
}

fn ask(stack: &Stack) {
    let event = std::fs::read_to_string(root().join("events/actions.json")).expect("an event");
    let event: Value = serde_json::from_str(&event).expect("JSON");
    let body = event["body"].as_str().expect("a body");
    assert_eq!(post(stack, "/data/agents/actions", "local-dev-key", body), 200);
    assert_eq!(post(stack, "/data/agents/actions", "local-dev-key", "{"), 400);
    // Answered, and its record not stored.
    set_faults(stack, &json!({"sqs_failed_calls": 1.0}));
    assert_eq!(post(stack, "/data/agents/actions", "local-dev-key", body), 200);
    set_faults(stack, &json!({}));
}

/// A batch that Firehose never takes goes back when the forwarder's time is up.
fn give_back(stack: &Stack, data_dir: &Path) {
    set_faults(stack, &json!({"firehose_throttled_calls": 1.0}));
    assert_eq!(post(stack, "/data/agents/traces", "local-dev-key", POINT), 202);
    let is_it = |line: &Value| line["FunctionName"] == "TraceForward" && line["Failures"].is_number();
    wait(data_dir, is_it, || {});
    set_faults(stack, &json!({}));
}

/// Until there is such a line; does `meanwhile` as long as there is none.
fn wait(data_dir: &Path, is_it: impl Fn(&Value) -> bool, meanwhile: impl Fn()) {
    let began = Instant::now();
    while !emitted::lines(data_dir).iter().any(&is_it) {
        assert!(began.elapsed() < PATIENCE, "there is no such line");
        meanwhile();
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn what_is_shown_is_what_is_there_and_each_metric_that_is_watched_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let redis = Redis::start();
    let options = [
        "--valkey-url",
        &redis.url(),
        "--parameter-override",
        "WarmUp=full",
    ];
    let stack = Stack::start_with(folder.path(), &options);
    let page = Page::open(&stack);
    let now = Timestamp::now();
    let at = (now + SignedDuration::from_secs(8)).to_string();
    let url = stack.url.clone();
    let demo = thread::spawn(move || {
        punctual(&[
            "demo",
            "--url",
            &url,
            "--riders",
            "4",
            "--lessons",
            "100",
            "--at",
            &at,
            "--json",
        ])
        .json()
    });
    ingest(&stack, folder.path());
    ask(&stack);
    invoke(
        &stack,
        "ScheduleWatch",
        &json!({"slot": now - SignedDuration::from_mins(2)}),
    );
    give_back(&stack, folder.path());
    let demo = demo.join().expect("the demo");
    assert_eq!(demo["lessons"]["opened"], 100);
    wait(folder.path(), |line| line["HoldError"].is_number(), || {});

    let known = page.when("all lines are delivered, and the run is shown", |known| {
        let delivered = known.latest["streams"]["traces"]["lines"].as_u64();
        let hidden = known
            .latest
            .pointer("/queues/punctual-traces/in_flight")
            .and_then(Value::as_u64);
        known.sum("SchedulePublish", "Published") == 100
            && delivered
                .zip(hidden)
                .map(|(delivered, hidden)| delivered + hidden)
                == Some(known.sum("TraceIngest", "Accepted"))
    });
    console::compare(&known, &stack, folder.path(), &demo);

    let written = emitted::metrics(&emitted::lines(folder.path()));
    let document = Document::read();
    let undocumented: Vec<_> = written.iter().filter(|metric| !document.has(metric)).collect();
    assert!(
        undocumented.is_empty(),
        "not in docs/METRICS.md: {undocumented:#?}"
    );
    let unwritten = document.unwritten(&written);
    assert!(
        unwritten.is_empty(),
        "in docs/METRICS.md, and nobody wrote it: {unwritten:#?}"
    );
    let fields = emitted::fields(folder.path());
    let unknown: Vec<_> = fields.difference(&document::fields()).cloned().collect();
    assert!(unknown.is_empty(), "not in docs/LOGGING.md: {unknown:?}");
    let watched = watched::watched();
    assert!(watched.len() > 100, "the dashboard was read");
    for watched in watched {
        let is_it = |metric: &&emitted::Metric| {
            (&metric.function, &metric.name, &metric.by) == (&watched.function, &watched.name, &watched.by)
        };
        let metric = written.iter().find(is_it);
        let metric = metric.unwrap_or_else(|| panic!("nobody wrote {watched:?}"));
        assert!(
            watched.unit.as_ref().is_none_or(|unit| *unit == metric.unit),
            "{watched:?}"
        );
    }
}
