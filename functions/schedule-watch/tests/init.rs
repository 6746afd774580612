//! What happens before the first event.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lambda_runtime::{Context, Diagnostic};
use lessons::Database;
use schedule_watch::error::WatchError;
use shared::{config::Env, metrics::Metrics, refusal::Refusal};
use tokio::time::Instant;

const COMPLETE: [(&str, &str); 7] = [
    ("AWS_REGION", "eu-west-1"),
    ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ("DATABASE_URL", "mysql://u:p@127.0.0.1:9/d"),
    ("PUBLISH_FUNCTION", "schedule-publish"),
    ("RUNBOOK_URL", "https://wiki.example/runbook"),
    ("ALERT_TOPIC_ARN", "arn:aws:sns:eu-west-1:000000000000:alerts"),
    ("SLACK_WEBHOOK_PARAMETER", "/punctual/slack"),
];

fn with(variable: &str, other: &str) -> Env {
    Env::of(COMPLETE.map(|(name, value)| (name, if name == variable { other } else { value })))
}

async fn from_env(env: &Env) -> Result<impl Sized, WatchError> {
    schedule_watch::from_env(env, &Metrics::discarded()).await
}

#[tokio::test]
async fn the_function_starts_without_a_network_and_without_a_database() {
    assert!(from_env(&Env::of(COMPLETE)).await.is_ok());
}

/// On a clock that jumps whenever nothing is to be done.
#[tokio::test(start_paused = true)]
async fn a_database_that_hangs_delays_the_start_by_two_seconds_at_most() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let started = Instant::now();
    let url = format!("mysql://u:p@127.0.0.1:{port}/d");
    assert!(from_env(&with("DATABASE_URL", &url)).await.is_ok());
    // A timer's own millisecond is beside it.
    assert!(started.elapsed() < Duration::from_millis(2_010));
}

#[tokio::test]
async fn a_wrong_or_missing_variable_stops_the_start_and_is_named() {
    for (variable, value) in [
        ("AWS_REGION", ""),
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "postgres://h/d"),
        ("PUBLISH_FUNCTION", ""),
        ("RUNBOOK_URL", ""),
        ("ALERT_TOPIC_ARN", "alerts"),
    ] {
        let Err(error) = from_env(&with(variable, value)).await else {
            panic!("{variable}={value}")
        };
        assert!(error.to_string().contains(variable), "{error}");
        assert_eq!(error.tag(), "config");
    }
}

#[tokio::test]
async fn tables_of_another_version_stop_the_start_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("empty.db").display());
    let database = Database::from_url(&url).expect("a URL");
    let mut connection = database.create().await.expect("a file");
    let cold = Env::of(COMPLETE.map(|(name, value)| match name {
        "DATABASE_URL" => (name, url.as_str()),
        "SLACK_WEBHOOK_PARAMETER" => ("WARM_UP", "off"),
        _ => (name, value),
    }));
    for env in [with("DATABASE_URL", &url), cold] {
        let Err(error) = from_env(&env).await else {
            panic!("no tables")
        };
        assert_eq!(error.tag(), "database_schema");
        assert!(error.to_string().contains("punctual migrate"), "{error}");
    }
    lessons::migrate::run(&mut connection).await.expect("migrated");
    assert!(from_env(&with("DATABASE_URL", &url)).await.is_ok());
}

#[test]
fn the_deadline_is_lambdas() {
    let mut context = Context::default();
    let end = SystemTime::now() + Duration::from_secs(60);
    let since = end.duration_since(UNIX_EPOCH).expect("after 1970");
    context.deadline = u64::try_from(since.as_millis()).expect("in range");
    let left = shared::deadline(&context).saturating_duration_since(Instant::now());
    assert!(
        (Duration::from_secs(55)..=Duration::from_secs(60)).contains(&left),
        "{left:?}"
    );
}

#[test]
fn lambda_shows_the_errors_tag_as_its_type() {
    let diagnostic = Diagnostic::from(WatchError::Unreplayed(Refusal::permanent(
        "AccessDeniedException",
    )));
    assert_eq!(diagnostic.error_type, "unreplayed");
    assert!(diagnostic.error_message.contains("AccessDeniedException"));
    assert!(diagnostic.error_message.contains("lambda:InvokeFunction"));
}
