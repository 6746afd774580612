//! The queue of lines at wire level: what is sent, and which lines are said to be
//! missing when a message is refused.

use std::time::Duration;

use aws_sdk_sqs::{
    Client,
    config::{Builder, Credentials},
};
use serde_json::{Value, json};
use shared::{
    aws::{CallTimeouts, sdk_config},
    config::Env,
    envelope::Stream,
    lines::{LineQueue, SqsLineQueue, Unstored},
    trace_context::TraceContext,
    transport::Transport,
};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

async fn queue(server: &MockServer) -> SqsLineQueue {
    let env = Env::of([("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", &server.uri())]);
    let timeouts = CallTimeouts::default();
    let transport = Transport::from_env(&env, timeouts).expect("no bundle is named");
    let config = sdk_config(&env, &transport, timeouts).expect("a config");
    let config = Builder::from(&config)
        .endpoint_url(server.uri())
        .credentials_provider(Credentials::new("a", "b", None, None, "test"))
        .build();
    SqsLineQueue::new(Client::from_conf(config), "http://queue".into(), Stream::Traces)
}

fn entries(request: &Request) -> Vec<Value> {
    let body: Value = request.body_json().expect("JSON");
    body["Entries"].as_array().expect("entries").clone()
}

/// Accepts every message but the one with id 1.
fn refuse_the_second(request: &Request) -> ResponseTemplate {
    let ids: Vec<_> = entries(request).iter().map(|entry| entry["Id"].clone()).collect();
    let (bad, good): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| id == "1");
    let good: Vec<_> = good
        .iter()
        .map(|id| json!({"Id": id, "MessageId": id, "MD5OfMessageBody": ""}))
        .collect();
    let bad: Vec<_> = bad
        .iter()
        .map(|id| json!({"Id": id, "Code": "InvalidMessageContents", "SenderFault": true}))
        .collect();
    ResponseTemplate::new(200).set_body_raw(
        json!({"Successful": good, "Failed": bad}).to_string(),
        "application/x-amz-json-1.0",
    )
}

#[tokio::test]
async fn exactly_the_lines_of_a_refused_message_are_missing() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(refuse_the_second)
        .mount(&server)
        .await;
    let lines: Vec<String> = (0..1_200).map(|n| format!("{{\"n\":{n}}}")).collect();

    let result = queue(&server)
        .await
        .enqueue(&lines, &TraceContext::begin(), Duration::from_secs(5))
        .await;

    assert_eq!(
        result,
        Err(Unstored {
            lines: (500..1_000).collect(),
            code: "InvalidMessageContents".into()
        })
    );
}

#[tokio::test]
async fn a_message_is_ndjson_and_carries_its_stream_and_both_forms_of_its_trace() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(refuse_the_second)
        .mount(&server)
        .await;
    let lines = ["{\"n\":0}".to_owned(), "{\"n\":1}".to_owned()];
    let header = "Root=1-6b021b7e-3da5b5e663162b1a9a7874d6;Sampled=1";
    let mut invocation = lambda_runtime::Context::default();
    invocation.xray_trace_id = Some(header.to_owned());
    let trace = TraceContext::of_invocation(&invocation);

    queue(&server)
        .await
        .enqueue(&lines, &trace, Duration::from_secs(5))
        .await
        .expect("stored");

    let requests = server.received_requests().await.expect("recorded");
    let entry = &entries(&requests[0])[0];
    assert_eq!(entry["MessageBody"], "{\"n\":0}\n{\"n\":1}\n");
    assert_eq!(entry["MessageAttributes"]["stream"]["StringValue"], "traces");
    assert_eq!(
        entry["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"],
        header
    );
    let traceparent = entry["MessageAttributes"]["traceparent"]["StringValue"]
        .as_str()
        .expect("a traceparent");
    assert!(
        traceparent.starts_with("00-6b021b7e3da5b5e663162b1a9a7874d6-") && traceparent.ends_with("-01"),
        "{traceparent}"
    );
}
