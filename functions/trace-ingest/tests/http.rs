//! The function as API Gateway sees it: real events in, real responses out. Only
//! the queue is a stand-in, so that it can refuse.

mod support;

use std::{io::Write, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, write::GzEncoder};
use lambda_http::{Body, Response};
use serde_json::{Value, json};
use support::{NoStore, POINT, Queue, event_file, ingest, post, request, request_with};

async fn answer(event: &Value, queue: Queue) -> (Response<Body>, Vec<Value>) {
    let response = ingest(queue.clone(), None::<NoStore>)
        .handle(request(event))
        .await;
    (response, queue.stored())
}

fn body(response: &Response<Body>) -> Value {
    serde_json::from_slice(response.body()).expect("a JSON body")
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).expect("in memory");
    encoder.finish().expect("in memory")
}

#[tokio::test]
async fn each_sample_event_is_answered_as_its_client_expects() {
    for (name, status, expected, stored) in [
        ("trace-ingest-health", 200, Some(json!({"status": "ok"})), 0),
        ("trace-ingest-native", 202, None, 2),
        ("trace-ingest-owntracks", 200, Some(json!([])), 1),
        ("trace-ingest-overland", 200, Some(json!({"result": "ok"})), 2),
        ("trace-ingest-unauthorized", 401, None, 0),
    ] {
        let (response, lines) = answer(&event_file(name), Queue::default()).await;
        assert_eq!(
            (response.status().as_u16(), lines.len()),
            (status, stored),
            "{name}"
        );
        if let Some(expected) = expected {
            assert_eq!(body(&response), expected, "{name}");
        }
    }
}

#[tokio::test]
async fn valid_traces_are_kept_and_each_bad_one_is_answered() {
    let bad = POINT.replace("1.5", "91");
    let (response, lines) = answer(&post(&format!("[{POINT},{bad},{POINT}]")), Queue::default()).await;
    assert_eq!(response.status(), 202);
    let expected = json!({"accepted": 2, "rejected": [
        {"index": 1, "field": "lat", "reason": "must be between -90 and 90"}
    ]});
    assert_eq!(body(&response), expected);
    assert_eq!(lines.len(), 2);
}

#[tokio::test]
async fn nothing_acceptable_is_a_problem_that_lists_why() {
    let (response, lines) = answer(&post(&POINT.replace("1.5", "91")), Queue::default()).await;
    assert_eq!(response.status(), 400);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(body(&response)["type"], "urn:punctual:problem:nothing-acceptable");
    assert_eq!(body(&response)["rejected"][0]["field"], "lat");
    assert!(lines.is_empty());
}

#[tokio::test]
async fn an_overland_batch_with_an_unusable_point_is_acknowledged_and_told() {
    let mut event = event_file("trace-ingest-overland");
    let text = event["body"]
        .as_str()
        .expect("text")
        .replacen("53.445033", "153.445033", 1);
    event["body"] = json!(text);
    let (response, lines) = answer(&event, Queue::default()).await;
    assert_eq!((response.status().as_u16(), lines.len()), (200, 1));
    assert_eq!(body(&response)["result"], "ok");
    assert_eq!(body(&response)["rejected"][0]["index"], 0);
}

#[tokio::test]
async fn without_a_valid_key_the_body_is_not_looked_at() {
    for (header, value) in [
        ("x-api-key", "wrong"),
        ("authorization", "Bearer wrong"),
        ("other", "x"),
    ] {
        let mut event = post("not json");
        event["headers"] = json!({header: value, "content-encoding": "br"});
        let (response, _) = answer(&event, Queue::default()).await;
        assert_eq!(response.status(), 401, "{header}");
        assert_eq!(body(&response)["type"], "urn:punctual:problem:unauthorized");
        assert!(response.headers().contains_key("www-authenticate"));
    }
}

#[tokio::test]
async fn gzip_is_unpacked_and_its_faults_are_the_clients() {
    let packed = gzip(POINT.as_bytes());
    let bomb = gzip(&vec![b' '; 11 << 20]);
    for (bytes, status) in [
        (&packed[..], 202),
        (&packed[..packed.len() - 5], 400),
        (b"[]", 400),
        (&bomb, 413),
    ] {
        let mut event = post(&BASE64_STANDARD.encode(bytes));
        event["isBase64Encoded"] = json!(true);
        event["headers"]["content-encoding"] = json!("gzip");
        let (response, _) = answer(&event, Queue::default()).await;
        assert_eq!(response.status(), status);
    }
}

#[tokio::test]
async fn hostile_bodies_are_problems_and_never_a_5xx() {
    let many = format!("[{}]", vec![POINT; 10_001].join(","));
    let deep = "[".repeat(10_000);
    let plain = " ".repeat((6 << 20) + 1);
    for (text, status) in [
        ("not json", 400),
        ("[NaN]", 400),
        ("[]", 400),
        (&deep, 400),
        (&many, 413),
        (&plain, 413),
        (&POINT.replace("\"a\"", "\"a\\u0000b\""), 400),
        (&POINT.replace("\"a\"", "\"라이더\""), 202),
        (&POINT.replace("\"a\"", "\"🛵\""), 202),
    ] {
        let (response, _) = answer(&post(text), Queue::default()).await;
        assert_eq!(response.status(), status, "{}", &text[..text.len().min(40)]);
        let kind = if status == 202 {
            "application/json"
        } else {
            "application/problem+json"
        };
        assert_eq!(response.headers()["content-type"], kind);
    }
}

#[tokio::test]
async fn what_sqs_did_not_take_is_named_by_its_place_in_the_request() {
    let bad = POINT.replace("1.5", "91");
    let event = post(&format!("[{bad},{POINT},{POINT}]"));
    let (response, _) = answer(
        &event,
        Queue {
            refuses: vec![1],
            ..Queue::default()
        },
    )
    .await;
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(body(&response)["missing"], json!([2]));
    for name in ["trace-ingest-owntracks", "trace-ingest-overland"] {
        let (response, _) = answer(
            &event_file(name),
            Queue {
                refuses: vec![0],
                ..Queue::default()
            },
        )
        .await;
        assert_eq!(response.status(), 503, "{name}");
    }
}

#[tokio::test]
async fn an_owntracks_location_that_can_never_be_stored_is_acknowledged() {
    let mut event = event_file("trace-ingest-owntracks");
    event["body"] = json!(r#"{"_type":"location","lat":91,"lon":1,"tst":1769443022,"tid":"JJ"}"#);
    let (response, lines) = answer(&event, Queue::default()).await;
    assert_eq!(
        (response.status().as_u16(), body(&response), lines.len()),
        (200, json!([]), 0)
    );
}

#[tokio::test]
async fn storing_takes_no_longer_than_the_invocation_lasts() {
    for (left, budget) in [(60_000, 4_900..=5_000), (2_000, 1_300..=1_500), (400, 0..=0)] {
        let queue = Queue::default();
        let request = request_with(&post(POINT), Duration::from_millis(left));
        ingest(queue.clone(), None::<NoStore>).handle(request).await;
        let given = queue.budget.lock().expect("no panic").expect("asked").as_millis() as u64;
        assert!(budget.contains(&given), "{given} ms of {left}");
    }
}

#[tokio::test]
async fn a_resend_is_the_same_trace() {
    let (_, first) = answer(&post(POINT), Queue::default()).await;
    let (_, again) = answer(&post(POINT), Queue::default()).await;
    assert_eq!(first[0]["trace_id"], again[0]["trace_id"]);
}

#[tokio::test]
async fn other_paths_and_methods_say_what_would_do() {
    for (method, path, status, allow) in [
        ("GET", "/data/agents/traces", 405, Some("POST")),
        ("POST", "/health", 405, Some("GET")),
        ("POST", "/data/agents", 404, None),
        ("POST", "/prod/data/agents/traces", 202, None),
    ] {
        let mut event = post(POINT);
        event["rawPath"] = json!(path);
        event["requestContext"]["http"]["method"] = json!(method);
        event["requestContext"]["http"]["path"] = json!(path);
        let (response, _) = answer(&event, Queue::default()).await;
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(
            response
                .headers()
                .get("allow")
                .and_then(|value| value.to_str().ok()),
            allow
        );
    }
}

/// Built with the other event kinds (see the crate's features), the same handler
/// answers them.
#[tokio::test]
async fn rest_and_alb_events_are_answered_too() {
    let rest = json!({
        "resource": "/data/agents/traces", "path": "/data/agents/traces", "httpMethod": "POST",
        "headers": {"x-api-key": "local-dev-key"}, "multiValueHeaders": {"x-api-key": ["local-dev-key"]},
        "requestContext": {"resourcePath": "/data/agents/traces", "httpMethod": "POST", "stage": "prod",
                           "path": "/prod/data/agents/traces", "requestId": "r", "identity": {}},
        "body": POINT, "isBase64Encoded": false,
    });
    let alb = json!({
        "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/b"}},
        "httpMethod": "POST", "path": "/data/agents/traces", "queryStringParameters": {},
        "headers": {"x-api-key": "local-dev-key"}, "body": POINT, "isBase64Encoded": false,
    });
    for event in [rest, alb] {
        let (response, lines) = answer(&event, Queue::default()).await;
        assert_eq!((response.status().as_u16(), lines.len()), (202, 1));
    }
}
