//! The function as API Gateway sees it: real events in, real responses out.

mod support;

use std::{io::Write, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, write::GzEncoder};
use run_sheet::{Answer, Invalid, Options, Problem};
use serde_json::{Value, json};
use support::{
    Mood, Queue, actions, ask_text, body, event_file, post, request, request_with, sample, solved, steps,
};

#[tokio::test]
async fn the_samples_are_answered_and_recorded() {
    for (name, lines, history) in [("actions", 1, false), ("actions-recorded", 8, true)] {
        let queue = Queue::default();
        let response = actions(queue.clone(), actions::search::solve)
            .handle(request(&event_file(name)))
            .await;
        let answer = body(&response);
        assert_eq!(response.status(), 200, "{answer}");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(
            (answer["code"].as_u64(), &answer["unassigned"]),
            (Some(0), &json!([]))
        );
        assert_eq!(
            answer["recorded"],
            json!({"status": "stored", "lines": lines, "stored": lines})
        );
        assert_eq!(answer.get("history").is_some(), history, "{name}");
        assert_eq!(queue.stored().len(), lines);
    }
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
        let response = actions(Queue::default(), actions::search::solve)
            .handle(request(&event))
            .await;
        assert_eq!(response.status(), 401, "{header}");
        assert_eq!(body(&response)["type"], "urn:punctual:problem:unauthorized");
        assert!(response.headers().contains_key("www-authenticate"));
    }
}

#[tokio::test]
async fn gzip_is_unpacked_and_its_faults_are_the_clients() {
    let text = sample("actions").to_string();
    let gzip = |plain: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).expect("in memory");
        encoder.finish().expect("in memory")
    };
    let (packed, bomb) = (gzip(text.as_bytes()), gzip(&vec![b' '; 11 << 20]));
    for (bytes, status) in [
        (&packed[..], 200),
        (&packed[..packed.len() - 5], 400),
        (b"{}", 400),
        (&bomb, 413),
    ] {
        let mut event = post(&BASE64_STANDARD.encode(bytes));
        event["isBase64Encoded"] = json!(true);
        event["headers"]["content-encoding"] = json!("gzip");
        let response = actions(Queue::default(), actions::search::solve)
            .handle(request(&event))
            .await;
        assert_eq!(response.status(), status);
    }
}

#[tokio::test]
async fn other_paths_and_methods_say_what_would_do() {
    for (method, path, status, allow) in [
        ("GET", "/data/agents/actions", 405, Some("POST")),
        ("POST", "/data/agents/traces", 404, None),
        ("POST", "/prod/data/agents/actions", 200, None),
    ] {
        let mut event = event_file("actions");
        event["rawPath"] = json!(path);
        event["requestContext"]["http"]["method"] = json!(method);
        event["requestContext"]["http"]["path"] = json!(path);
        let response = actions(Queue::default(), actions::search::solve)
            .handle(request(&event))
            .await;
        assert_eq!(response.status(), status, "{method} {path}");
        let told = response
            .headers()
            .get("allow")
            .and_then(|value| value.to_str().ok());
        assert_eq!(told, allow);
    }
}

#[tokio::test]
async fn hostile_bodies_are_problems_and_never_a_5xx() {
    let deep = "[".repeat(10_000);
    let plain = " ".repeat((6 << 20) + 1);
    for (text, status) in [
        ("", 400),
        ("not json", 400),
        ("[]", 400),
        ("null", 400),
        ("{}", 422),
        (&deep, 400),
        (&plain, 413),
        (r#"{"vehicles":[{"id":1,"start":[NaN,0]}]}"#, 400),
        (r#"{"vehicles":[{"id":1,"start":["NaN",0]}]}"#, 400),
        (r#"{"vehicles":[{"id":1,"start":[1e999,0]}]}"#, 400),
        (r#"{"vehicles":[{"id":1,"id":1}]}"#, 400),
    ] {
        let (found, answer) = ask_text(text).await;
        assert_eq!(found, status, "{} {answer}", &text[..text.len().min(60)]);
    }
}

#[tokio::test]
async fn an_answer_that_lambda_would_not_carry_is_a_problem() {
    let mut body = sample("actions");
    body["jobs"][0]["description"] = json!("x".repeat(5_000_000));
    let (status, answer) = support::ask(&body).await;
    assert_eq!(
        (status, &answer["type"]),
        (413, &json!("urn:punctual:problem:answer-too-large"))
    );
}

#[tokio::test]
async fn no_orders_are_a_route_without_stops() {
    let empty = json!({"vehicles": [{"id": 1, "start": [0, 0], "end": [0, 1], "time_window": [100, 200]}]});
    let answer = solved(&empty).await;
    assert_eq!(steps(&answer), ["start", "end"]);
    assert_eq!(
        answer["totals"]["travel"],
        answer["routes"][0]["steps"][1]["duration"]
    );
    let open = json!({"vehicles": [{"id": 1, "start": [0, 0]}]});
    assert_eq!(steps(&solved(&open).await), ["start"]);
}

#[tokio::test]
async fn no_start_is_no_step_and_nor_is_no_end() {
    let job = json!([{"id": 5, "location": [0, 0]}]);
    let answer = solved(&json!({"vehicles": [{"id": 1, "end": [0, 1]}], "jobs": job})).await;
    assert_eq!(steps(&answer), ["job 5", "end"]);
    let answer = solved(&json!({"vehicles": [{"id": 1, "start": [0, 1]}], "jobs": job})).await;
    assert_eq!(steps(&answer), ["start", "job 5"]);
}

#[tokio::test]
async fn two_hundred_orders_are_fine_and_more_than_a_thousand_are_not() {
    let shipment = |n: usize| {
        let at = |n: usize| json!([(n % 37) as f64 / 1e3, (n % 23) as f64 / 1e3]);
        let due = 3_600 + n;
        json!({"pickup": {"id": n, "location": at(n), "time_windows": [[n, due]]},
               "delivery": {"id": n, "location": at(7 * n), "time_windows": [[0, due]]}, "priority": n % 101})
    };
    let body = |count| {
        let shipments: Vec<Value> = (0..count).map(shipment).collect();
        json!({"vehicles": [{"id": 1, "start": [0, 0]}], "shipments": shipments, "options": {"budget_ms": 100}})
    };
    let answer = solved(&body(200)).await;
    assert_eq!(steps(&answer).len(), 401);
    let (status, answer) = support::ask(&body(1_001)).await;
    assert_eq!(
        (status, &answer["type"]),
        (413, &json!("urn:punctual:problem:too-many-orders"))
    );
}

/// A solver that is never asked for an answer, but tells its budget in its error's place.
fn tells_budget(problem: &Problem, options: &Options) -> Result<Answer, Invalid> {
    let mut answer = run_sheet::solve(problem, options, &run_sheet::Monotonic::start())?;
    answer.elapsed = options.budget;
    Ok(answer)
}

#[tokio::test]
async fn the_search_takes_no_longer_than_the_invocation_and_the_api_last() {
    for (asked, left, told) in [
        (2_000, 29_000, 2_000..=2_000),
        (25_000, 29_000, 25_000..=25_000),
        (25_000, 100_000, 25_000..=25_000),
        (25_000, 10_000, 9_000..=9_250),
        (2_000, 1_000, 100..=250),
        (2_000, 300, 0..=0),
        (0, 29_000, 0..=0),
    ] {
        let mut body = sample("actions");
        body["options"]["budget_ms"] = json!(asked);
        let request = request_with(&post(&body.to_string()), Duration::from_millis(left));
        let response = actions(Queue::default(), tells_budget).handle(request).await;
        let budget = support::body(&response)["elapsed_ms"].as_f64().expect("a number") as u64;
        assert!(told.contains(&budget), "{budget} ms of {left}, asked for {asked}");
    }
}

#[tokio::test]
async fn vroom_express_s_limit_is_a_budget_too() {
    for (options, told) in [
        (json!({"l": 1.5}), 1_500.0),
        (json!({"l": 1.5, "budget_ms": 700}), 700.0),
        (json!({"l": 1e300}), 2_000.0),
        (json!({"l": -1}), 2_000.0),
        (json!({"l": 60}), 25_000.0),
        (Value::Null, 2_000.0),
    ] {
        let mut body = sample("actions");
        body["options"] = options.clone();
        let request = request(&post(&body.to_string()));
        let response = actions(Queue::default(), tells_budget).handle(request).await;
        assert_eq!(support::body(&response)["elapsed_ms"], told, "{options}");
    }
}

#[tokio::test]
async fn looking_back_takes_a_quarter_at_most() {
    let mut body = sample("actions-recorded");
    body["options"]["budget_ms"] = json!(1_000);
    let request = request(&post(&body.to_string()));
    let response = actions(Queue::default(), tells_budget).handle(request).await;
    let answer = support::body(&response);
    let told = [&answer["history"]["elapsed_ms"], &answer["elapsed_ms"]];
    assert_eq!(told, [&json!(250.0), &json!(750.0)]);
}

fn panics(_: &Problem, _: &Options) -> Result<Answer, Invalid> {
    panic!("on purpose")
}

#[tokio::test]
async fn a_search_that_panics_is_an_answer_and_the_actions_are_recorded() {
    let queue = Queue::that(Mood::Takes);
    let response = actions(queue.clone(), panics)
        .handle(request(&event_file("actions-recorded")))
        .await;
    assert_eq!(response.status(), 500);
    assert_eq!(body(&response)["type"], "urn:punctual:problem:search-failed");
    assert_eq!(queue.stored().len(), 7);
}
