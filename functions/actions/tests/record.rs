//! The record never keeps the answer waiting, and its failure is in the answer.

mod support;

use std::time::Duration;

use actions::{config::Config, handler::Actions};
use aws_sdk_sqs::{
    Client,
    config::{Builder, Credentials},
};
use run_sheet::{Answer, Invalid, Monotonic, Options, Problem, Proof, Schedule, StopReason, Task};
use serde_json::{Value, json};
use shared::{
    aws::{CallTimeouts, sdk_config},
    config::Env,
    envelope::{MAX_BYTES, Stream},
    lines::SqsLineQueue,
    metrics::Metrics,
    transport::Transport,
};
use support::{HASH, Mood, Queue, actions, body, event_file, now, post, request, request_with};
use tokio::time::Instant;
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

#[tokio::test]
async fn a_queue_that_refuses_is_told_and_no_error() {
    let response = actions(Queue::that(Mood::Refuses), actions::search::solve)
        .handle(request(&event_file("actions-recorded")))
        .await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        body(&response)["recorded"],
        json!({"status": "failed", "lines": 8, "stored": 0})
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_queue_costs_no_more_than_the_record_s_own_time() {
    for (millis, status) in [
        (100, "stored"),
        (249, "stored"),
        (251, "timed_out"),
        (60_000, "timed_out"),
    ] {
        let began = Instant::now();
        let response = actions(
            Queue::that(Mood::Slow(Duration::from_millis(millis))),
            actions::search::solve,
        )
        .handle(request(&event_file("actions-recorded")))
        .await;
        assert_eq!(body(&response)["recorded"]["status"], status, "{millis} ms");
        let waited = began.elapsed();
        assert!(
            waited <= Duration::from_millis(millis.min(255)),
            "{millis} ms: {waited:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn no_time_left_is_no_record_but_an_answer() {
    let request = request_with(&event_file("actions"), Duration::from_millis(400));
    let queue = Queue::that(Mood::Slow(Duration::from_millis(5)));
    let response = actions(queue, actions::search::solve).handle(request).await;
    assert_eq!(
        (response.status().as_u16(), &body(&response)["recorded"]["status"]),
        (200, &json!("timed_out"))
    );
}

/// Keeps its thread busy for 300 ms, as a search does.
fn busy(problem: &Problem, options: &Options) -> Result<Answer, Invalid> {
    let began = std::time::Instant::now();
    while began.elapsed() < Duration::from_millis(300) {
        std::hint::spin_loop();
    }
    run_sheet::solve(problem, options, &Monotonic::start())
}

#[tokio::test]
async fn actions_are_written_while_the_search_goes_on() {
    let queue = Queue::that(Mood::Slow(Duration::from_millis(100)));
    let began = std::time::Instant::now();
    let call = async {
        let event = event_file("actions-recorded");
        actions(queue.clone(), busy).handle(request(&event)).await
    };
    let seen = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        queue.stored().len()
    };
    let (response, stored) = tokio::join!(call, seen);
    assert_eq!(stored, 7, "while the search goes on");
    assert_eq!(body(&response)["recorded"]["stored"], 8);
    // Looking back and ahead, 300 ms each, and the sheet's 100 ms.
    assert!(
        began.elapsed() < Duration::from_millis(950),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn lines_have_the_fields_that_are_documented() {
    let queue = Queue::default();
    actions(queue.clone(), actions::search::solve)
        .handle(request(&event_file("actions-recorded")))
        .await;
    let lines = queue.stored();
    let first = json!({
        "kind": "action", "action_id": lines[0]["action_id"], "agent_id": "rider-7", "type": "assigned", "order_id": 1,
        "time": 1_769_442_900, "lat": 53.4084, "lon": -2.9812, "received_at": "2026-01-26T16:00:00.000Z", "key_id": "local",
    });
    assert_eq!(lines[0], first);
    let sheet = lines.last().expect("a line");
    assert_eq!(
        (&sheet["kind"], &sheet["agent_id"], &sheet["orders"]),
        (&json!("run_sheet"), &json!("rider-7"), &json!(2))
    );
    for field in [
        "cost",
        "status",
        "lower_bound",
        "travel",
        "waiting",
        "lateness",
        "click_to_door",
        "departure",
        "finish",
        "elapsed_ms",
        "stop_reason",
        "received_at",
        "key_id",
    ] {
        assert!(!sheet[field].is_null(), "{field}");
    }
    assert_eq!(sheet["steps"].as_array().map(Vec::len), Some(4));
    let again = Queue::default();
    actions(again.clone(), actions::search::solve)
        .handle(request(&event_file("actions-recorded")))
        .await;
    assert_eq!(
        again.stored()[3]["action_id"],
        lines[3]["action_id"],
        "a resend is the same action"
    );
}

/// No search: the orders one by one, as they were given.
fn one_by_one(problem: &Problem, _: &Options) -> Result<Answer, Invalid> {
    let tasks = (0..problem.orders.len()).flat_map(|order| [Task::Pickup(order), Task::Delivery(order)]);
    let schedule = Schedule::of(problem, &tasks.collect::<Vec<_>>());
    let (lower_bound, optimal) = (0, false);
    Ok(Answer {
        cost: schedule.totals.cost(&problem.weights),
        schedule,
        proof: Proof { lower_bound, optimal },
        stop: StopReason::WorkDone,
        elapsed: Duration::ZERO,
        improvements: Vec::new(),
    })
}

/// The longest that a sheet can be fits a message many times over.
#[tokio::test]
async fn the_largest_sheet_fits_a_message() {
    let far = 1_i64 << 40;
    let windows = json!([[far - 1, far - 1]]);
    let stop =
        |id: u64| json!({"id": id, "location": [0, 0], "time_windows": windows, "service": 10_000_000});
    let shipment = |n: u64| json!({"pickup": stop(u64::MAX - n), "delivery": stop(u64::MAX - n)});
    let body = json!({
        "agent_id": "가".repeat(128), "vehicles": [{"id": u64::MAX, "start": [0, 0], "end": [0, 0]}],
        "shipments": (0..1_000).map(shipment).collect::<Vec<_>>(),
    });
    let queue = Queue::default();
    actions(queue.clone(), one_by_one)
        .handle(request(&post(&body.to_string())))
        .await;
    let size = queue.stored()[0].to_string().len();
    assert!(size > 100_000 && size < MAX_BYTES / 3, "{size} bytes");
}

fn accept(request: &Request) -> ResponseTemplate {
    let body: Value = request.body_json().expect("JSON");
    let entries = body["Entries"].as_array().expect("entries");
    let done: Vec<Value> = entries
        .iter()
        .map(|entry| json!({"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": ""}))
        .collect();
    ResponseTemplate::new(200).set_body_raw(
        json!({"Successful": done, "Failed": []}).to_string(),
        "application/x-amz-json-1.0",
    )
}

/// The whole function against a server that speaks SQS.
async fn with_sqs(answer: impl wiremock::Respond + 'static) -> (Value, Vec<Request>, Duration) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let env = Env::of([("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", &server.uri())]);
    let timeouts = CallTimeouts::default();
    let transport = Transport::from_env(&env, timeouts).expect("no bundle is named");
    let sdk = sdk_config(&env, &transport, timeouts).expect("a config");
    let sqs = Builder::from(&sdk)
        .endpoint_url(server.uri())
        .credentials_provider(Credentials::new("a", "b", None, None, "test"))
        .build();
    let queue = SqsLineQueue::new(Client::from_conf(sqs), "http://queue".into(), Stream::Actions);
    let env = Env::of([("API_KEY_HASHES", HASH), ("ACTION_QUEUE_URL", "http://queue")]);
    let config = Config::from_env(&env).expect("a config");
    let function = Actions::new(&config, queue, actions::search::solve, now, Metrics::discarded());
    let began = std::time::Instant::now();
    let response = function.handle(request(&event_file("actions-recorded"))).await;
    let waited = began.elapsed();
    (
        body(&response),
        server.received_requests().await.expect("recorded"),
        waited,
    )
}

#[tokio::test]
async fn messages_name_the_stream_of_actions() {
    let (answer, requests, _) = with_sqs(accept).await;
    assert_eq!(answer["recorded"]["status"], "stored");
    let bodies: Vec<Value> = requests
        .iter()
        .map(|request| request.body_json().expect("JSON"))
        .collect();
    let mut lines: Vec<usize> = bodies
        .iter()
        .map(|body| {
            let entry = &body["Entries"][0];
            assert_eq!(entry["MessageAttributes"]["stream"]["StringValue"], "actions");
            entry["MessageBody"].as_str().expect("text").lines().count()
        })
        .collect();
    lines.sort_unstable();
    assert_eq!(lines, [1, 7]);
}

#[tokio::test]
async fn sqs_that_hangs_or_fails_delays_nothing_beyond_its_time() {
    let hangs = ResponseTemplate::new(200).set_delay(Duration::from_secs(20));
    for (answer, status) in [(hangs, "timed_out"), (ResponseTemplate::new(403), "failed")] {
        let (answer, _, waited) = with_sqs(answer).await;
        assert_eq!(answer["recorded"]["status"], status);
        assert!(waited < Duration::from_millis(800), "{status} after {waited:?}");
    }
}
