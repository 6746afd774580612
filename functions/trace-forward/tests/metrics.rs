//! What an invocation is in figures.

mod support;

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use shared::{config::Env, metrics::Metrics, trace_context::TraceContext};
use support::*;
use testkit::Written;
use tokio::time::Instant;
use trace_forward::{deliver::PutError, deliver::RecordOutcome, handler::Forwarder};

const MS: Duration = Duration::from_millis(1);
const SENT: u64 = 1_769_443_200_000;

fn a_second_later() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(SENT + 1_000)
}

/// The lines that `fake`'s answers to `messages` make, in JSON.
async fn lines(fake: &Fake, messages: Vec<Value>) -> Vec<Value> {
    let written = Written::default();
    let env = Env::of([("AWS_LAMBDA_FUNCTION_NAME", "forward")]);
    let metrics = Metrics::to(&env, written.clone());
    let graveyard = Graveyard::default();
    let forwarder =
        Forwarder::new(fake, &graveyard, streams(), policy(), metrics).with_wall_clock(a_second_later);
    let deadline = Instant::now() + Duration::from_secs(60);
    let answer = forwarder
        .forward(event(messages), TraceContext::begin(), deadline)
        .await;
    assert!(answer.is_ok());
    written.json()
}

/// Two calls at a time, of which one fails as a whole and one in part.
#[tokio::test(start_paused = true)]
async fn each_figure_is_what_the_calls_were() {
    let fake = Fake::new(|put, before| match before {
        0 => (10 * MS, Err(PutError::Unavailable("InternalFailure".to_owned()))),
        1 => {
            let mut outcomes = vec![RecordOutcome::Accepted; put.records.len()];
            outcomes[0] = failed("ServiceUnavailableException");
            (10 * MS, Ok(outcomes))
        }
        _ => (10 * MS, accepted(put)),
    });
    let mut messages: Vec<Value> = (0..4).map(|n| traces(&format!("m{n}"), 1, 1_000_000)).collect();
    for (n, message) in messages.iter_mut().enumerate() {
        message["attributes"]["SentTimestamp"] = json!((SENT + n as u64).to_string());
    }
    messages.push(message("dead", "traces", ""));
    let lines = lines(&fake, messages).await;
    let all = lines.last().expect("a line");
    for (metric, expected) in [
        ("LinesDelivered", json!(4)),
        ("Messages", json!(5)),
        ("MessagesFailed", json!(0)),
        ("Undeliverable", json!(1)),
        ("Lines", json!(4)),
        ("Records", json!(4)),
        ("CallsFailed", json!(1)),
        ("InFlight", json!(2)),
        ("OldestLineAge", json!(1_000)),
        ("ColdStart", json!(1)),
    ] {
        assert_eq!(all[metric], expected, "{metric} in {all}");
    }
    let calls = fake.calls();
    assert_eq!(all["Calls"], json!(calls.len()));
    let records: usize = calls.iter().map(|put| put.records.len()).sum();
    assert_eq!(all["Retries"], json!(records - 4));
    assert_eq!(all["RecordsFailed"], json!(records - 4));
    let by_code = |code: &str| {
        let line = lines.iter().find(|line| line["ErrorCode"] == code)?;
        line["RecordsFailed"].as_u64()
    };
    assert_eq!(by_code("InternalFailure"), Some(calls[0].records.len() as u64));
    assert_eq!(by_code("ServiceUnavailableException"), Some(1));
}

/// A forwarder that is cut off does not know whether its records are in.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_under_way_when_time_is_up_is_counted() {
    let fake = Fake::new(|put, _| (Duration::from_secs(3_600), accepted(put)));
    let lines = lines(&fake, vec![traces("late", 3, 10)]).await;
    let all = lines
        .iter()
        .find(|line| line["Calls"] == 1)
        .expect("the batch's line");
    for (metric, expected) in [
        ("CallsFailed", 1),
        ("RecordsFailed", 1),
        ("MessagesFailed", 1),
        ("Lines", 3),
        ("LinesDelivered", 0),
    ] {
        assert_eq!(all[metric], expected, "{metric} in {all}");
    }
    let code = lines.iter().find(|line| line["ErrorCode"] == "Cancelled");
    assert_eq!(code.expect("its code")["RecordsFailed"], 1);
}
