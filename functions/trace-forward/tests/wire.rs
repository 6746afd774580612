//! Wire-level: the real SDK clients against servers that misbehave.

mod support;

use std::{
    sync::Mutex,
    time::{Duration, Instant as Wall},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use shared::{
    aws,
    config::Env,
    metrics::Metrics,
    trace_context::{TraceContext, TraceId},
    transport::Transport,
};
use support::*;
use tokio::time::Instant;
use trace_forward::{
    dead_letter::DeadLetterQueue, firehose::Firehose, handler::Forwarder, record::MAX_CALL_BYTES,
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

/// Long enough for some retries, short enough for a test.
const BRIEF: Duration = Duration::from_millis(700);
const PLENTY: Duration = Duration::from_secs(20);

type Step = fn(&[String]) -> ResponseTemplate;

/// Answers each call with the next step; the last one repeats.
struct Script(Mutex<Vec<Step>>);

impl Respond for Script {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut steps = self.0.lock().expect("no panic while held");
        let step = if steps.len() > 1 {
            steps.remove(0)
        } else {
            steps[0]
        };
        step(&records(request))
    }
}

/// What a call to Firehose carries, decoded.
fn records(request: &Request) -> Vec<String> {
    let body: Value = request.body_json().expect("JSON");
    let decode = |record: &Value| {
        let data = BASE64_STANDARD
            .decode(record["Data"].as_str().expect("data"))
            .expect("base64");
        String::from_utf8(data).expect("UTF-8")
    };
    body["Records"]
        .as_array()
        .map(|all| all.iter().map(decode).collect())
        .unwrap_or_default()
}

fn answer_with(records: &[String], fails: impl Fn(usize, &str) -> bool) -> ResponseTemplate {
    let entry = |(n, record): (usize, &String)| match fails(n, record) {
        true => json!({"ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}),
        false => json!({"RecordId": n.to_string()}),
    };
    let entries: Vec<Value> = records.iter().enumerate().map(entry).collect();
    let failed = entries
        .iter()
        .filter(|entry| entry["ErrorCode"].is_string())
        .count();
    amz_json(
        200,
        &json!({"FailedPutCount": failed, "Encrypted": false, "RequestResponses": entries}),
    )
}

fn amz_json(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
}

fn error(status: u16, code: &str) -> ResponseTemplate {
    amz_json(status, &json!({"__type": code, "message": "no"}))
}

fn accept(records: &[String]) -> ResponseTemplate {
    answer_with(records, |_, _| false)
}

fn fail_second_and_third(records: &[String]) -> ResponseTemplate {
    answer_with(records, |n, _| n == 1 || n == 2)
}

fn fail_m1_and_m3(records: &[String]) -> ResponseTemplate {
    answer_with(records, |_, record| {
        record.contains("\"m1.0\"") || record.contains("\"m3.0\"")
    })
}

fn throttle(_: &[String]) -> ResponseTemplate {
    error(400, "ThrottlingException")
}

fn unavailable(_: &[String]) -> ResponseTemplate {
    error(503, "ServiceUnavailableException")
}

fn garbage(_: &[String]) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw("<html>", "application/x-amz-json-1.1")
}

fn gateway(_: &[String]) -> ResponseTemplate {
    ResponseTemplate::new(502).set_body_raw("<html>Bad Gateway</html>", "text/html")
}

fn hang(records: &[String]) -> ResponseTemplate {
    accept(records).set_delay(Duration::from_secs(60))
}

fn one_outcome_short(records: &[String]) -> ResponseTemplate {
    accept(&records[1..])
}

fn no_outcomes(_: &[String]) -> ResponseTemplate {
    amz_json(200, &json!({"FailedPutCount": 0}))
}

fn denied(_: &[String]) -> ResponseTemplate {
    error(400, "AccessDeniedException")
}

fn no_such_stream(_: &[String]) -> ResponseTemplate {
    error(400, "ResourceNotFoundException")
}

fn m2_is_invalid(records: &[String]) -> ResponseTemplate {
    match records.iter().any(|record| record.contains("\"m2.0\"")) {
        true => error(400, "InvalidArgumentException"),
        false => accept(records),
    }
}

fn bury(request: &Request) -> ResponseTemplate {
    let body: Value = request.body_json().expect("JSON");
    let entries = body["Entries"].as_array().expect("entries");
    let ok: Vec<_> = entries
        .iter()
        .map(|e| json!({"Id": e["Id"], "MessageId": "m", "MD5OfMessageBody": ""}))
        .collect();
    amz_json(200, &json!({"Successful": ok, "Failed": []}))
}

fn no_such_queue(_: &Request) -> ResponseTemplate {
    error(400, "com.amazonaws.sqs#QueueDoesNotExist")
}

/// A function whose clients talk to `firehose` and `sqs`; an attempt may take 250 ms.
async fn forwarder(firehose: &str, sqs: &str) -> Forwarder<Firehose, DeadLetterQueue> {
    let env = Env::of([("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", firehose)]);
    let timeouts = aws::CallTimeouts {
        attempt: Duration::from_millis(250),
        ..Default::default()
    };
    let transport = Transport::from_env(&env, timeouts).expect("no bundle is named");
    let sdk = aws::sdk_config(&env, &transport, timeouts).expect("a config");
    let key = aws_sdk_firehose::config::Credentials::new("a", "b", None, None, "test");
    let delivery = aws_sdk_firehose::config::Builder::from(&sdk)
        .endpoint_url(firehose)
        .credentials_provider(key.clone());
    let queue = aws_sdk_sqs::config::Builder::from(&sdk)
        .endpoint_url(sqs)
        .credentials_provider(key);
    Forwarder::new(
        Firehose::new(aws_sdk_firehose::Client::from_conf(delivery.build())),
        DeadLetterQueue::new(
            aws_sdk_sqs::Client::from_conf(queue.build()),
            format!("{sqs}/1/dead-letters"),
            transport.clients(),
        ),
        streams(),
        policy(),
        Metrics::discarded(),
    )
}

async fn server(responder: impl Respond + 'static) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(responder).mount(&server).await;
    server
}

/// Forwards `messages` to a Firehose that follows `script`; returns the ids
/// that are reported and the records of each call.
async fn run(messages: Vec<Value>, budget: Duration, script: &[Step]) -> (Vec<String>, Vec<Vec<String>>) {
    let firehose = server(Script(Mutex::new(script.to_vec()))).await;
    let forwarder = forwarder(&firehose.uri(), "http://127.0.0.1:9").await;
    let answer = forwarder
        .forward(event(messages), TraceContext::begin(), Instant::now() + budget)
        .await
        .expect("an answer");
    let calls = firehose.received_requests().await.expect("recorded");
    let failed = failures(&answer).into_iter().map(ToOwned::to_owned).collect();
    (failed, calls.iter().map(records).collect())
}

/// Four messages that fill a record each.
fn four() -> Vec<Value> {
    (0..4).map(|n| traces(&format!("m{n}"), 400, 1)).collect()
}

fn nothing() -> Vec<String> {
    Vec::new()
}

#[tokio::test]
async fn records_arrive_as_they_were_joined_under_the_streams_name() {
    let firehose = server(Script(Mutex::new(vec![accept]))).await;
    let forwarder = forwarder(&firehose.uri(), "http://127.0.0.1:9").await;
    let batch = event([
        message("a", "traces", "{\"n\":1}\n{\"n\":2}\n"),
        message("b", "traces", "{\"city\":\"서울 🚌\"}"),
    ]);
    let answer = forwarder
        .forward(batch, TraceContext::begin(), Instant::now() + PLENTY)
        .await
        .expect("an answer");
    assert_eq!(
        serde_json::to_value(&answer).expect("JSON"),
        json!({"batchItemFailures": []})
    );
    let calls = firehose.received_requests().await.expect("recorded");
    assert_eq!(
        calls[0].body_json::<Value>().expect("JSON")["DeliveryStreamName"],
        TRACES
    );
    assert_eq!(
        records(&calls[0]),
        ["{\"n\":1}\n{\"n\":2}\n{\"city\":\"서울 🚌\"}\n"]
    );
}

/// A message of one line that says whose it is in W3C's form.
fn of_trace(id: &str, traceparent: &str) -> Value {
    let mut message = message(id, "traces", "{\"n\":1}\n");
    message["messageAttributes"]["traceparent"] = json!({"stringValue": traceparent, "stringListValues": [], "binaryListValues": [], "dataType": "String"});
    message
}

/// The trace ids of the calls for these messages.
async fn traces_of(messages: Vec<Value>, own: TraceContext) -> Vec<Option<TraceId>> {
    let firehose = server(Script(Mutex::new(vec![accept]))).await;
    let forwarder = forwarder(&firehose.uri(), "http://127.0.0.1:9").await;
    let answer = forwarder
        .forward(event(messages), own, Instant::now() + PLENTY)
        .await;
    assert!(answer.is_ok());
    let calls = firehose.received_requests().await.expect("recorded");
    let header = |call: &Request| call.headers["traceparent"].to_str().expect("ASCII").to_owned();
    calls
        .iter()
        .map(|call| TraceId::of_traceparent(&header(call)))
        .collect()
}

#[tokio::test]
async fn a_request_s_trace_goes_on_in_the_call_that_delivers_it() {
    let phone = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let other = "00-11111111111111111111111111111111-00f067aa0ba902b7-01";
    let both_of_one = vec![of_trace("a", phone), of_trace("b", phone)];
    let own = TraceContext::begin();
    assert_eq!(
        traces_of(both_of_one, own.clone()).await,
        [TraceId::of_traceparent(phone)]
    );
    let of_two = vec![of_trace("a", phone), of_trace("b", other)];
    assert_eq!(traces_of(of_two, own.clone()).await, [Some(own.id().clone())]);
    // What something else has sent is told by its X-Ray header.
    let foreign = vec![message("a", "traces", "{\"n\":1}\n")];
    let xray = TraceId::of_xray("Root=1-5759e988-bd862e3fe1be46a994272793");
    assert_eq!(traces_of(foreign, own).await, [xray]);
}

#[tokio::test]
async fn the_body_of_a_full_call_is_within_four_mebibytes() {
    let firehose = server(Script(Mutex::new(vec![accept]))).await;
    let forwarder = forwarder(&firehose.uri(), "http://127.0.0.1:9").await;
    let batch = event((0..60).map(|n| traces(&format!("m{n}"), 400, 230)));
    let answer = forwarder
        .forward(batch, TraceContext::begin(), Instant::now() + PLENTY)
        .await
        .expect("an answer");
    assert!(failures(&answer).is_empty());
    let sizes: Vec<usize> = firehose
        .received_requests()
        .await
        .expect("recorded")
        .iter()
        .map(|call| call.body.len())
        .collect();
    assert!(sizes.iter().all(|size| *size <= MAX_CALL_BYTES), "{sizes:?}");
    assert!(
        sizes.iter().any(|size| *size > MAX_CALL_BYTES - 200_000),
        "{sizes:?}"
    );
}

#[tokio::test]
async fn a_throttle_an_outage_a_gateway_and_garbage_are_retried() {
    let (failed, calls) = run(four(), PLENTY, &[throttle, unavailable, gateway, garbage, accept]).await;
    assert_eq!(failed, nothing());
    assert_eq!(calls.len(), 5);
    assert!(
        calls.iter().all(|call| *call == calls[0]),
        "the same bytes each time"
    );
}

#[tokio::test]
async fn a_call_that_hangs_is_given_up_and_made_again() {
    let started = Wall::now();
    let (failed, calls) = run(four(), PLENTY, &[hang, accept]).await;
    assert_eq!(failed, nothing());
    assert_eq!(calls.len(), 2);
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "the attempt time-out ended it"
    );
}

#[tokio::test]
async fn only_failed_records_are_sent_again_byte_identical() {
    let (failed, calls) = run(four(), PLENTY, &[fail_second_and_third, accept]).await;
    assert_eq!(failed, nothing());
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[1], calls[0][1..3]);
}

#[tokio::test]
async fn what_fails_until_the_deadline_is_reported_and_nothing_else() {
    let started = Wall::now();
    let (failed, calls) = run(four(), BRIEF, &[fail_m1_and_m3]).await;
    assert_eq!(failed, ["m1", "m3"]);
    assert!(calls.len() > 2);
    assert!(started.elapsed() < BRIEF + Duration::from_millis(300));
}

#[tokio::test]
async fn when_all_fail_all_are_reported() {
    let (failed, _) = run(four(), BRIEF, &[|records| answer_with(records, |_, _| true)]).await;
    assert_eq!(failed, ["m0", "m1", "m2", "m3"]);
}

#[tokio::test]
async fn an_answer_of_the_wrong_length_confirms_nothing() {
    let (failed, calls) = run(four(), PLENTY, &[one_outcome_short, no_outcomes, accept]).await;
    assert_eq!(failed, nothing());
    assert_eq!(calls.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 4]);

    let (failed, _) = run(four(), BRIEF, &[one_outcome_short]).await;
    assert_eq!(failed.len(), 4);
}

#[tokio::test]
async fn a_refusal_is_reported_after_one_call() {
    for refusal in [denied as Step, no_such_stream] {
        let (failed, calls) = run(four(), PLENTY, &[refusal]).await;
        assert_eq!(failed, ["m0", "m1", "m2", "m3"]);
        assert_eq!(calls.len(), 1);
    }
}

#[tokio::test]
async fn an_invalid_record_does_not_take_its_neighbours_with_it() {
    let (failed, calls) = run(four(), PLENTY, &[m2_is_invalid]).await;
    assert_eq!(failed, ["m2"]);
    assert_eq!(calls.len(), 5, "all, two halves, and the guilty half's two");
}

#[tokio::test]
async fn a_dead_endpoint_is_tried_until_the_deadline() {
    let started = Wall::now();
    let forwarder = forwarder("http://127.0.0.1:9", "http://127.0.0.1:9").await;
    let answer = forwarder
        .forward(event(four()), TraceContext::begin(), Instant::now() + BRIEF)
        .await
        .expect("an answer");
    assert_eq!(failures(&answer), ["m0", "m1", "m2", "m3"]);
    assert!(started.elapsed() < BRIEF + Duration::from_millis(300));
}

#[tokio::test]
async fn undeliverable_messages_go_to_the_dead_letter_queue_beside_the_delivery() {
    let firehose = server(Script(Mutex::new(vec![accept]))).await;
    let sqs = server(bury).await;
    let forwarder = forwarder(&firehose.uri(), &sqs.uri()).await;
    let batch = event([
        traces("good", 1, 1),
        message("bad", "traces", "{}\nnot json"),
        message("odd", "orders", "{}"),
    ]);
    let answer = forwarder
        .forward(batch, TraceContext::begin(), Instant::now() + PLENTY)
        .await
        .expect("an answer");
    assert!(failures(&answer).is_empty());
    assert_eq!(firehose.received_requests().await.expect("recorded").len(), 1);

    let calls = sqs.received_requests().await.expect("recorded");
    let body: Value = calls[0].body_json().expect("JSON");
    assert_eq!(body["QueueUrl"], format!("{}/1/dead-letters", sqs.uri()));
    let sent: Vec<_> = body["Entries"]
        .as_array()
        .expect("entries")
        .iter()
        .map(letter)
        .collect();
    assert_eq!(
        sent,
        [
            json!([
                "{}\nnot json",
                "traces",
                "not_ndjson",
                "line 2 is not one JSON object",
                "bad"
            ]),
            json!([
                "{}",
                "orders",
                "unknown_stream",
                "the message attribute stream is neither traces nor actions",
                "odd"
            ]),
        ]
    );
}

fn letter(entry: &Value) -> Value {
    let attribute = |name: &str| entry["MessageAttributes"][name]["StringValue"].clone();
    json!([
        entry["MessageBody"],
        attribute("stream"),
        attribute("dead_letter_reason"),
        attribute("dead_letter_detail"),
        attribute("dead_letter_source_message_id"),
    ])
}

#[tokio::test]
async fn what_the_dead_letter_queue_refuses_goes_back_to_the_source_queue() {
    let firehose = server(Script(Mutex::new(vec![accept]))).await;
    let sqs = server(no_such_queue).await;
    let forwarder = forwarder(&firehose.uri(), &sqs.uri()).await;
    let batch = event([traces("good", 1, 1), message("bad", "traces", "not json")]);
    let answer = forwarder
        .forward(batch, TraceContext::begin(), Instant::now() + PLENTY)
        .await
        .expect("an answer");
    assert_eq!(failures(&answer), ["bad"]);
}

#[tokio::test]
async fn a_dead_letter_queue_that_hangs_ends_with_the_margin() {
    let firehose = server(Script(Mutex::new(vec![accept]))).await;
    let sqs = server(|request: &Request| bury(request).set_delay(Duration::from_secs(60))).await;
    let forwarder = forwarder(&firehose.uri(), &sqs.uri()).await;
    let batch = event([traces("good", 1, 1), message("bad", "traces", "not json")]);
    let started = Wall::now();
    let answer = forwarder
        .forward(batch, TraceContext::begin(), Instant::now() + BRIEF)
        .await
        .expect("an answer");
    assert_eq!(failures(&answer), ["bad"]);
    assert!(started.elapsed() < BRIEF);
}
