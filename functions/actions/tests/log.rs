//! What a request writes to the log, and what it never does.

mod support;

use actions::search::solve;
use lambda_http::tracing::Level;
use serde_json::json;
use shared::{config::Env, metrics::Metrics};
use support::{Mood, Queue, actions, event_file, measured, post, request, sample};
use testkit::{Written, logged};

#[tokio::test]
async fn each_outcome_is_one_line_without_a_place_a_name_or_a_key() {
    let mut outside = sample("actions-recorded");
    outside["shipments"][0]["delivery"]["location"] = json!([-2.9812, 153.4084]);
    let mut unknown = sample("actions-recorded");
    unknown["actions"][0]["order_id"] = json!(77);
    let mut wrong_key = event_file("actions-recorded");
    wrong_key["headers"]["x-api-key"] = json!("not-the-key");
    let good = event_file("actions-recorded");
    for (event, mood, expected) in [
        (
            good.clone(),
            Mood::Takes,
            "actions::log: answered status=200 orders=2 proof=",
        ),
        (
            good,
            Mood::Refuses,
            "actions::log: answered, not recorded status=200",
        ),
        (
            post(&outside.to_string()),
            Mood::Takes,
            "field=\"shipments[0].delivery.location\"",
        ),
        (
            post(&unknown.to_string()),
            Mood::Takes,
            "status=422 error=\"invalid-field\" field=\"actions[0].order_id\"",
        ),
        (post("{"), Mood::Takes, "status=400 error=\"not-json\""),
        (wrong_key, Mood::Takes, "status=401 error=\"unauthorized\""),
    ] {
        let actions = actions(Queue::that(mood), solve);
        let lines = logged(Level::TRACE, actions.handle(request(&event))).await;
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(expected), "{lines:?}");
        for secret in ["53.4", "2.98", "rider-7", "local-dev-key", "not-the-key"] {
            assert!(!lines[0].contains(secret), "{lines:?}");
        }
    }
}

#[tokio::test]
async fn the_line_has_all_that_an_operator_asks_for() {
    let actions = actions(Queue::default(), solve);
    let lines = logged(Level::INFO, actions.handle(request(&event_file("actions")))).await;
    for field in [
        "orders=4",
        "proof=",
        "gap=",
        "elapsed_ms=",
        "stop_reason=",
        "recorded=\"stored\"",
        "bytes=",
    ] {
        assert!(lines[0].contains(field), "{field}: {lines:?}");
    }
}

/// By which a new version that cannot reach its queue is given up.
#[tokio::test]
async fn an_answer_without_its_record_is_counted() {
    for (mood, expected) in [(Mood::Refuses, Some(1)), (Mood::Takes, None)] {
        let written = Written::default();
        let metrics = Metrics::to(&Env::of([]), written.clone());
        let actions = measured(Queue::that(mood), solve, metrics);
        actions.handle(request(&event_file("actions"))).await;
        let lines = written.json();
        let failures = lines.iter().find_map(|line| line["Failures"].as_u64());
        assert_eq!(failures, expected, "{lines:?}");
        assert_eq!(lines[0]["Unrecorded"], expected.unwrap_or_default());
    }
}

#[tokio::test]
async fn each_request_is_a_line_of_figures() {
    let written = Written::default();
    let metrics = Metrics::to(&Env::of([]), written.clone());
    let actions = measured(Queue::that(Mood::Takes), solve, metrics);
    actions.handle(request(&event_file("actions"))).await;
    let mut wrong_key = event_file("actions");
    wrong_key["headers"]["x-api-key"] = json!("not-the-key");
    actions.handle(request(&wrong_key)).await;
    let [answered, reason, refused] = &written.json()[..] else {
        panic!("three lines: {:?}", written.lines())
    };
    for (metric, expected) in [
        ("Requests", json!(1)),
        ("Refused", json!(0)),
        ("Orders", json!(4)),
        ("Proof", json!("optimal")),
        ("Proven", json!(1)),
        ("Gap", json!(0)),
        ("Unrecorded", json!(0)),
        ("ColdStart", json!(1)),
    ] {
        assert_eq!(answered[metric], expected, "{metric} in {answered}");
    }
    assert!(answered["SearchTime"].as_f64() <= answered["AnswerTime"].as_f64());
    assert_eq!(
        (&reason["Reason"], &reason["Refused"]),
        (&json!("unauthorized"), &json!(1))
    );
    assert_eq!(
        (&refused["Requests"], &refused["Refused"], &refused["ColdStart"]),
        (&json!(1), &json!(1), &json!(0))
    );
    assert!(refused.get("Orders").is_none(), "{refused}");
}
