//! What a request is in figures.

mod support;

use serde_json::{Value, json};
use shared::{config::Env, metrics::Metrics};
use support::{NoStore, POINT, Queue, event_file, measured, post, request};
use testkit::Written;
use trace_ingest::{newest::NewestPositions, trace::Position};

/// A store that is full.
struct Full;

impl NewestPositions for Full {
    async fn update(&self, _: Vec<Position>) -> Result<(), String> {
        Err("OOM".to_owned())
    }
}

/// The lines that these requests make, one after the other.
async fn lines<N: NewestPositions>(queue: Queue, newest: Option<N>, events: &[Value]) -> Vec<Value> {
    let written = Written::default();
    let env = Env::of([("AWS_LAMBDA_FUNCTION_NAME", "ingest")]);
    let ingest = measured(queue, newest, Metrics::to(&env, written.clone()));
    for event in events {
        ingest.handle(request(event)).await;
    }
    written.json()
}

fn of<'a>(lines: &'a [Value], reason: &str) -> &'a Value {
    let line = lines.iter().find(|line| line["Reason"] == reason);
    line.unwrap_or_else(|| panic!("{reason} in {lines:#?}"))
}

#[tokio::test]
async fn what_is_stored_and_what_is_rejected_by_its_field() {
    let wrong = |field: &str, value: &str| POINT.replace(field, value);
    let body = format!(
        "[{POINT},{},{},{}]",
        wrong("1.5", "91"),
        wrong("1.5", "92"),
        wrong("2.5", "181")
    );
    let lines = lines(Queue::default(), Some(NoStore), &[post(&body)]).await;
    assert_eq!(of(&lines, "lat")["Rejected"], 2);
    assert_eq!(of(&lines, "lon")["Rejected"], 1);
    let dimensions = &of(&lines, "lat")["_aws"]["CloudWatchMetrics"][0]["Dimensions"];
    assert_eq!(dimensions, &json!([["FunctionName", "Reason"]]));
    let request = lines.last().expect("the request's line");
    for (metric, expected) in [
        ("FunctionName", json!("ingest")),
        ("Requests", json!(1)),
        ("Refused", json!(0)),
        ("Accepted", json!(1)),
        ("Rejected", json!(3)),
        ("RequestBytes", json!(body.len())),
        ("ValkeyMissed", json!(0)),
        ("ColdStart", json!(1)),
    ] {
        assert_eq!(request[metric], expected, "{metric} in {request}");
    }
    for time in ["AnswerTime", "QueueTime", "ValkeyTime"] {
        assert!(
            request[time].as_f64().is_some_and(|ms| ms > 0.0),
            "{time} in {request}"
        );
    }
}

#[tokio::test]
async fn a_store_that_is_full_is_missed_and_then_left_alone() {
    let lines = lines(Queue::default(), Some(Full), &[post(POINT), post(POINT)]).await;
    let [failed, paused] = &lines[..] else {
        panic!("two lines: {lines:#?}")
    };
    assert_eq!(
        (&failed["ValkeyMissed"], &paused["ValkeyMissed"]),
        (&json!(1), &json!(1))
    );
    assert!(failed["ValkeyTime"].is_number() && paused["ValkeyTime"].is_null());
    assert_eq!(
        (&failed["ColdStart"], &paused["ColdStart"]),
        (&json!(1), &json!(0))
    );
}

#[tokio::test]
async fn a_refused_request_is_counted_by_its_tag_and_a_failed_one_by_version() {
    let mut wrong_key = post(POINT);
    wrong_key["headers"]["x-api-key"] = json!("not-the-key");
    let refused = lines(Queue::default(), None::<NoStore>, &[wrong_key]).await;
    assert_eq!(of(&refused, "unauthorized")["Refused"], 1);
    let request = refused.last().expect("a line");
    assert_eq!(
        (&request["Requests"], &request["Refused"]),
        (&json!(1), &json!(1))
    );
    assert!(request["QueueTime"].is_null() && request["ValkeyTime"].is_null());
    let refusing = Queue {
        refuses: vec![0],
        ..Queue::default()
    };
    let failed = lines(refusing, None::<NoStore>, &[post(POINT)]).await;
    let failure = failed
        .iter()
        .find(|line| line["Failures"] == 1)
        .expect("a failure");
    let dimensions = &failure["_aws"]["CloudWatchMetrics"][0]["Dimensions"];
    assert_eq!(
        dimensions,
        &json!([["FunctionName"], ["FunctionName", "FunctionVersion"]])
    );
    assert!(failed.iter().all(|line| line["Refused"] != 1), "{failed:#?}");
}

#[tokio::test]
async fn a_health_check_is_no_metric() {
    let health = event_file("trace-ingest-health");
    assert!(
        lines(Queue::default(), None::<NoStore>, &[health])
            .await
            .is_empty()
    );
}
