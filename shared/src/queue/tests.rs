//! Wire-level: the real SDK client against a server that misbehaves.

use super::*;
use crate::{
    aws,
    config::Env,
    metrics::{ClientMetrics, Clients},
    transport::Transport,
};
use serde_json::{Value, json};
use std::sync::Mutex;
use testkit::with_log;
use tracing::Level;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

/// What a call with these entries is answered.
type Step = fn(&[String]) -> ResponseTemplate;

/// Answers each call with the next script; the last one repeats.
struct Script(Mutex<Vec<Step>>);

impl Respond for Script {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut script = self.0.lock().expect("no panic while held");
        let answer = if script.len() > 1 {
            script.remove(0)
        } else {
            script[0]
        };
        answer(&ids(request))
    }
}

fn ids(request: &Request) -> Vec<String> {
    let body: Value = request.body_json().expect("JSON");
    let entries = body["Entries"].as_array().expect("entries").clone();
    entries
        .iter()
        .map(|entry| entry["Id"].as_str().expect("an id").to_owned())
        .collect()
}

fn accept(ids: &[String]) -> ResponseTemplate {
    answer(ids, &[])
}

fn refuse_first(ids: &[String]) -> ResponseTemplate {
    answer(
        &ids[1..],
        &[json!({"Id": ids[0], "Code": "InternalError", "SenderFault": false})],
    )
}

fn refuse_first_for_good(ids: &[String]) -> ResponseTemplate {
    answer(
        &ids[1..],
        &[json!({"Id": ids[0], "Code": "InvalidMessageContents", "SenderFault": true})],
    )
}

fn forget_first(ids: &[String]) -> ResponseTemplate {
    answer(&ids[1..], &[])
}

fn throttle(_: &[String]) -> ResponseTemplate {
    error(400, "ThrottlingException")
}

fn unavailable(_: &[String]) -> ResponseTemplate {
    error(503, "ServiceUnavailable")
}

fn no_such_queue(_: &[String]) -> ResponseTemplate {
    error(400, "QueueDoesNotExist")
}

fn hang(ids: &[String]) -> ResponseTemplate {
    accept(ids).set_delay(Duration::from_secs(60))
}

fn error(status: u16, code: &str) -> ResponseTemplate {
    let body = json!({"__type": format!("com.amazonaws.sqs#{code}"), "message": "no"});
    ResponseTemplate::new(status).set_body_raw(body.to_string(), "application/x-amz-json-1.0")
}

fn answer(ok: &[String], failed: &[Value]) -> ResponseTemplate {
    let ok: Vec<_> = ok
        .iter()
        .map(|id| json!({"Id": id, "MessageId": id, "MD5OfMessageBody": ""}))
        .collect();
    let body = json!({"Successful": ok, "Failed": failed});
    ResponseTemplate::new(200).set_body_raw(body.to_string(), "application/x-amz-json-1.0")
}

/// Sends `messages` bodies of one byte to a server that follows `script`;
/// returns what was not sent and the ids of each call.
async fn run(messages: usize, budget: Duration, script: &[Step]) -> (Vec<Unsent>, Vec<Vec<String>>) {
    let (unsent, calls, _) = counted(messages, budget, script).await;
    (unsent, calls)
}

/// And what the client counted.
async fn counted(
    messages: usize,
    budget: Duration,
    script: &[Step],
) -> (Vec<Unsent>, Vec<Vec<String>>, ClientMetrics) {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(Script(Mutex::new(script.to_vec())))
        .mount(&server)
        .await;
    let env = Env::of([("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", &server.uri())]);
    let timeouts = aws::CallTimeouts {
        attempt: Duration::from_millis(200),
        ..Default::default()
    };
    let transport = transport(&env);
    let clients = transport.clients();
    let config = aws::sdk_config(&env, &transport, timeouts).expect("a config");
    let config = aws_sdk_sqs::config::Builder::from(&config)
        .endpoint_url(server.uri())
        .credentials_provider(aws_sdk_sqs::config::Credentials::new(
            "a", "b", None, None, "test",
        ))
        .build();
    let messages = vec![
        Outgoing {
            body: "1".into(),
            ..Default::default()
        };
        messages
    ];
    let unsent = send_all(
        &Client::from_conf(config),
        "http://queue",
        &messages,
        Instant::now() + budget,
        &clients,
    )
    .await;
    let calls = server.received_requests().await.expect("recorded");
    (unsent, calls.iter().map(ids).collect(), clients.take())
}

fn transport(env: &Env) -> Transport {
    Transport::from_env(env, aws::CallTimeouts::default()).expect("no bundle is named")
}

const PLENTY: Duration = Duration::from_secs(20);

#[tokio::test]
async fn eleven_messages_take_two_calls() {
    let (unsent, calls) = run(11, PLENTY, &[accept]).await;
    assert_eq!(unsent, []);
    let mut sizes: Vec<_> = calls.iter().map(Vec::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 10]);
}

#[tokio::test]
async fn only_what_was_refused_is_sent_again() {
    let (unsent, calls) = run(3, PLENTY, &[refuse_first, accept]).await;
    assert_eq!(unsent, []);
    assert_eq!(calls, [vec!["0", "1", "2"], vec!["0"]]);
}

#[tokio::test]
async fn an_entry_that_the_answer_forgets_is_sent_again() {
    let (unsent, calls) = run(2, PLENTY, &[forget_first, accept]).await;
    assert_eq!(unsent, []);
    assert_eq!(calls, [vec!["0", "1"], vec!["0"]]);
}

#[tokio::test]
async fn a_throttle_an_outage_and_a_hang_are_retried() {
    let steps = [throttle, unavailable, hang, accept];
    let ((unsent, calls, clients), log) = with_log(Level::WARN, counted(2, PLENTY, &steps)).await;
    assert!(log.is_empty(), "what is sent again is no event: {log:?}");
    assert_eq!(unsent, []);
    assert_eq!(calls.len(), 4);
    assert_eq!((clients.client_attempts, clients.client_retries), (4, 3));
    assert_eq!(clients.client_timeouts, 1);
    // The one on which the answer never came is not used again.
    assert_eq!((clients.connections_opened, clients.connections_reused), (2, 2));
}

#[tokio::test]
async fn what_would_fail_again_is_given_up_at_once() {
    let (unsent, calls) = run(2, PLENTY, &[refuse_first_for_good]).await;
    assert_eq!(
        unsent,
        [Unsent {
            index: 0,
            code: "InvalidMessageContents".into()
        }]
    );
    assert_eq!(calls.len(), 1);

    let (unsent, calls) = run(2, PLENTY, &[no_such_queue]).await;
    assert_eq!(unsent.len(), 2);
    assert_eq!(calls.len(), 1);
}

#[tokio::test]
async fn at_the_deadline_the_rest_is_reported_and_nothing_else() {
    let (unsent, _) = run(3, Duration::from_millis(300), &[refuse_first]).await;
    assert_eq!(
        unsent,
        [Unsent {
            index: 0,
            code: "InternalError".into()
        }]
    );
}

#[tokio::test]
async fn a_dead_endpoint_is_reported_by_the_deadline() {
    let env = Env::of([
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ]);
    let config = aws::sdk_config(&env, &transport(&env), aws::CallTimeouts::default()).expect("a config");
    let config = aws_sdk_sqs::config::Builder::from(&config)
        .endpoint_url("http://127.0.0.1:9")
        .credentials_provider(aws_sdk_sqs::config::Credentials::new(
            "a", "b", None, None, "test",
        ))
        .build();
    let message = Outgoing {
        body: "1".into(),
        ..Default::default()
    };
    let deadline = Instant::now() + Duration::from_millis(300);
    let unsent = send_all(
        &Client::from_conf(config),
        "http://queue",
        &[message],
        deadline,
        &Clients::default(),
    )
    .await;
    assert_eq!(
        unsent,
        [Unsent {
            index: 0,
            code: "ConnectionFailed".into()
        }]
    );
}

#[test]
fn a_batch_stays_under_one_mebibyte_with_its_attributes() {
    let attributes = vec![("stream".to_owned(), "traces".to_owned())];
    let message = |bytes| Outgoing {
        body: "1".repeat(bytes),
        attributes: attributes.clone(),
        trace_header: None,
    };
    let messages = [
        message(MAX_BATCH_BYTES / 2 - 18),
        message(MAX_BATCH_BYTES / 2 - 18),
        message(1),
    ];
    assert_eq!(batches(&messages, &[0, 1, 2]), [0..2, 2..3]);
}
