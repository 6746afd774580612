//! What happens before the first event, with what it needs in disorder.

mod support;

use std::time::{Duration, Instant};

use lambda_http::tracing::Level;
use serde_json::json;
use shared::{config::Env, metrics::Metrics};
use support::{POINT, post, request};
use testkit::{Written, says, with_log};
use trace_ingest::from_env;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

const HASH: &str = "local:ed5a18fb8f807f996d649e379d3f35f39c543a91bdbf88c492f2ebd10d4df86c";
/// That of the warm-up, in milliseconds.
const LIMIT: &str = "1000";

fn env(sqs: &str, valkey: &str) -> Env {
    Env::of([
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", sqs),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_LAMBDA_FUNCTION_NAME", "ingest"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "7"),
        ("API_KEY_HASHES", HASH),
        ("TRACE_QUEUE_URL", "http://queue"),
        ("VALKEY_URL", valkey),
        ("ENQUEUE_BUDGET_MS", "300"),
        ("WARM_UP", "full"),
        ("WARM_UP_LIMIT_MS", LIMIT),
    ])
}

/// The status of a first request, and what the init phase logged and recorded.
async fn first(sqs: &str, valkey: &str) -> (u16, Vec<String>) {
    let env = env(sqs, valkey);
    let written = Written::default();
    let metrics = Metrics::to(&env, written.clone());
    let began = Instant::now();
    let (ingest, mut lines) = with_log(Level::INFO, from_env(&env, &metrics)).await;
    let limit = Duration::from_millis(LIMIT.parse().expect("a number"));
    // An attempt's own time-out is as long, and there are two of them one after the other.
    assert!(began.elapsed() < limit * 3, "{:?}", began.elapsed());
    let answer = ingest.expect("it starts").handle(request(&post(POINT))).await;
    lines.extend(written.lines());
    (answer.status().as_u16(), lines)
}

/// A server that takes connections and says nothing.
fn hanging() -> (std::net::TcpListener, u16) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

#[tokio::test]
async fn a_queue_that_cannot_be_reached_is_named_and_the_function_serves() {
    let (status, lines) = first("http://127.0.0.1:9", "").await;
    assert_eq!(status, 503);
    let words = ["WARN", "ping=\"sqs\"", "ConnectionFailed", "Connection refused"];
    assert!(says(&lines, &words), "{lines:?}");
    let words = [
        r#""FunctionName":"ingest""#,
        r#""Ping":"sqs""#,
        r#""PingFailed":1"#,
    ];
    assert!(says(&lines, &words), "{lines:?}");
    // By which a new version that cannot reach its queue is given up.
    let words = [r#""FunctionVersion":"7""#, r#""Failures":1"#];
    assert!(says(&lines, &words), "{lines:?}");
}

#[tokio::test]
async fn a_name_that_dns_does_not_know_is_told_apart() {
    let (status, lines) = first("http://no-such-host.invalid", "").await;
    assert_eq!(status, 503);
    assert!(
        says(&lines, &["WARN", "ping=\"sqs\"", "failed to lookup address"]),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_queue_that_hangs_is_given_up_in_time() {
    let (_listener, port) = hanging();
    let (status, lines) = first(&format!("http://127.0.0.1:{port}"), "").await;
    assert_eq!(status, 503);
    assert!(
        says(&lines, &["WARN", "ping=\"sqs\"", "DeadlineExceeded"]),
        "{lines:?}"
    );
    // Stage two is no less in time, and says so for each of its pings.
    assert!(says(&lines, &["stage=2", "sent=4", "failed=4"]), "{lines:?}");
    assert!(says(&lines, &["warmed up", "mode=full", "failed=5"]), "{lines:?}");
}

#[tokio::test]
async fn a_valkey_that_hangs_changes_no_answer() {
    let sqs = MockServer::start().await;
    let stored = json!({"Successful": [{"Id": "0", "MessageId": "m", "MD5OfMessageBody": ""}]});
    let answer = ResponseTemplate::new(200).set_body_json(stored);
    Mock::given(any()).respond_with(answer).mount(&sqs).await;
    let (_listener, port) = hanging();
    let (status, lines) = first(&sqs.uri(), &format!("redis://127.0.0.1:{port}")).await;
    assert_eq!(status, 202);
    assert!(!says(&lines, &["Failures"]), "{lines:?}");
    assert!(
        says(&lines, &["WARN", "ping=\"valkey\"", "DeadlineExceeded"]),
        "{lines:?}"
    );
    assert!(says(&lines, &["INFO", "ping=\"sqs\"", "elapsed_ms"]), "{lines:?}");
}

#[tokio::test]
async fn a_wrong_or_missing_variable_stops_the_start_and_is_named() {
    for (variable, value) in [("WARM_UP", "always"), ("AWS_CA_BUNDLE", "/no/such/file")] {
        let env = Env::of([
            ("AWS_REGION", "eu-west-1"),
            ("API_KEY_HASHES", HASH),
            ("TRACE_QUEUE_URL", "http://queue"),
            (variable, value),
        ]);
        let Err(error) = from_env(&env, &Metrics::discarded()).await else {
            panic!("{variable}={value}")
        };
        assert!(error.to_string().contains(variable), "{error}");
    }
}
