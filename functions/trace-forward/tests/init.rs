//! What happens before the first event.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lambda_runtime::{Context, Diagnostic, tracing::Level};
use serde_json::{Value, json};
use shared::{config::Env, metrics::Metrics};
use testkit::logged;
use tokio::time::Instant;
use trace_forward::error::ForwardError;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::header};

const COMPLETE: [(&str, &str); 4] = [
    ("AWS_REGION", "eu-west-1"),
    ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ("TRACE_STREAM", "punctual-traces"),
    ("DEAD_LETTER_QUEUE_URL", "http://127.0.0.1:9/1/dead-letters"),
];

async fn from_env(env: &Env) -> Result<impl Sized, ForwardError> {
    trace_forward::from_env(env, &Metrics::discarded()).await
}

#[tokio::test]
async fn the_function_starts_with_its_environment_and_without_a_network() {
    assert!(from_env(&Env::of(COMPLETE)).await.is_ok());
}

#[tokio::test]
async fn a_missing_variable_stops_the_start_and_is_named() {
    for missing in ["AWS_REGION", "TRACE_STREAM", "DEAD_LETTER_QUEUE_URL"] {
        let env = Env::of(COMPLETE.map(|(name, value)| (name, if name == missing { "" } else { value })));
        let error = from_env(&env).await.err().expect("incomplete");
        assert!(error.to_string().contains(missing), "{error}");
        assert_eq!(error.tag(), "config");
    }
}

#[tokio::test]
async fn the_deadline_is_lambdas_on_the_timers_clock() {
    let at = |time: SystemTime| {
        let mut context = Context::default();
        let since = time.duration_since(UNIX_EPOCH).expect("after 1970");
        context.deadline = u64::try_from(since.as_millis()).expect("in range");
        shared::deadline(&context).saturating_duration_since(Instant::now())
    };
    let left = at(SystemTime::now() + Duration::from_secs(60));
    assert!(
        (Duration::from_secs(55)..=Duration::from_secs(60)).contains(&left),
        "{left:?}"
    );
    assert_eq!(at(SystemTime::now() - Duration::from_secs(5)), Duration::ZERO);
}

#[test]
fn lambda_shows_the_errors_tag_as_its_type() {
    let diagnostic = Diagnostic::from(ForwardError::Unreportable { messages: 2 });
    assert_eq!(diagnostic.error_type, "unreportable");
    assert!(
        diagnostic
            .error_message
            .contains("2 failed messages have no messageId")
    );
}

/// The right refusal is an answer, any other is told.
#[tokio::test]
async fn clients_are_pinged_with_calls_that_store_nothing() {
    for (refusal, failed) in [("ValidationException", false), ("AccessDeniedException", true)] {
        let aws = MockServer::start().await;
        let refuse = |target: &'static str, code: &str| {
            let body = json!({"__type": code, "message": "no"}).to_string();
            let answer = ResponseTemplate::new(400).set_body_raw(body, "application/x-amz-json-1.1");
            Mock::given(header("x-amz-target", target))
                .respond_with(answer)
                .expect(1)
        };
        refuse("Firehose_20150804.PutRecordBatch", refusal)
            .mount(&aws)
            .await;
        refuse(
            "AmazonSQS.SendMessageBatch",
            "com.amazonaws.sqs#EmptyBatchRequest",
        )
        .mount(&aws)
        .await;
        let env = Env::of([
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", &aws.uri()),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("TRACE_STREAM", "punctual-traces"),
            ("DEAD_LETTER_QUEUE_URL", "http://queue"),
            ("WARM_UP", "basic"),
        ]);
        let lines = logged(Level::INFO, async { from_env(&env).await.is_ok() }).await;
        let told = lines
            .iter()
            .any(|line| line.contains("WARN") && line.contains(refusal));
        assert_eq!(told, failed, "{lines:?}");
        for request in aws.received_requests().await.expect("recorded") {
            let body: Value = request.body_json().expect("JSON");
            let items = body.get("Records").or_else(|| body.get("Entries"));
            assert_eq!(items, Some(&json!([])));
        }
    }
}
