//! What an invocation writes to the log, and what it never does.

mod support;

use std::time::Duration;

use aws_lambda_events::sqs::SqsEvent;
use lambda_runtime::tracing::Level;
use shared::{metrics::Metrics, trace_context::TraceContext};
use support::*;
use testkit::logged;
use tokio::time::Instant;
use trace_forward::{deliver::PutError, handler::Forwarder};

/// The lines that an invocation writes, at every level.
async fn lines(fake: &Fake, graveyard: &Graveyard, event: SqsEvent) -> Vec<String> {
    let forwarder = Forwarder::new(fake, graveyard, streams(), policy(), Metrics::discarded());
    let deadline = Instant::now() + Duration::from_secs(60);
    logged(
        Level::TRACE,
        forwarder.forward(event, TraceContext::begin(), deadline),
    )
    .await
}

const TRACE: &str = "{\"agent_id\":\"rider-7\",\"lat\":53.408471,\"lon\":-2.991573}\n";

#[tokio::test(start_paused = true)]
async fn a_good_invocation_writes_a_line_a_call_and_one_of_counts() {
    let fake = Fake::new(|put, before| match before {
        0 => (
            Duration::ZERO,
            Err(PutError::Unavailable("InternalFailure".to_owned())),
        ),
        _ => (Duration::ZERO, accepted(put)),
    });
    let batch = event([
        message("a", "traces", &TRACE.repeat(3)),
        message("b", "traces", TRACE),
        message("b", "traces", TRACE),
        message("c", "traces", &TRACE[..40]),
        message("d", "traces", ""),
    ]);
    let lines = lines(&fake, &Graveyard::default(), batch).await;
    assert_eq!(lines.len(), 3, "{lines:#?}");
    let ids = r#"requests=1 trace_ids="5759e988bd862e3fe1be46a994272793""#;
    let first = r#"put stream="punctual-traces" records=1 accepted=0 code="InternalFailure""#;
    assert!(lines[0].contains(first) && lines[0].contains(ids), "{}", lines[0]);
    assert!(
        lines[1].contains("records=1 accepted=1") && lines[1].contains(ids),
        "{}",
        lines[1]
    );
    let bytes = 4 * TRACE.len();
    for part in [
        "INFO".to_owned(),
        "forwarded messages=5 duplicates=1 lines=4 records=1".to_owned(),
        format!("bytes={bytes} billed_units=1 calls=2 retries=1 failed=0"),
        "undeliverable=2 reasons=\"empty_body=1,not_ndjson=1\" elapsed_ms=".to_owned(),
    ] {
        assert!(lines[2].contains(&part), "{part} in {}", lines[2]);
    }
}

#[tokio::test(start_paused = true)]
async fn each_failure_is_written_once_with_its_code_and_never_a_location() {
    let fake = Fake::new(|_, _| {
        (
            Duration::ZERO,
            Err(PutError::Refused("AccessDeniedException".to_owned())),
        )
    });
    let graveyard = Graveyard {
        refuses: true,
        ..Graveyard::default()
    };
    let good = (0..9).map(|n| message(&n.to_string(), "traces", &TRACE.repeat(400)));
    let bad = message("bad", "traces", &TRACE[1..]);
    let lines = lines(&fake, &graveyard, event(good.chain([bad]))).await;
    let starts: Vec<bool> = lines.iter().map(|line| line.contains("ERROR")).collect();
    assert_eq!(starts, [false, true, true, false, false], "{lines:#?}");
    assert!(lines[1].contains("stream_refused") && lines[1].contains("AccessDeniedException; 9 records"));
    assert!(lines[2].contains("1 undeliverable messages") && lines[2].contains("AccessDenied"));
    assert!(lines[3].contains("WARN") && lines[3].contains("given back messages=10 requests=1 trace_ids="));
    assert!(lines[4].contains("failed=10"));
    let all = lines.concat();
    for secret in ["53.4", "2.99", "rider-7", "agent_id"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}
