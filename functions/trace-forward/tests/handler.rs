//! The handler on doubles and a paused clock.

mod support;

use std::{collections::BTreeSet, time::Duration};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use bytes::Bytes;
use serde_json::{Value, json};
use shared::{config::Env, metrics::Metrics, trace_context::TraceContext};
use support::*;
use testkit::Written;
use tokio::time::Instant;
use trace_forward::{
    config::{Policy, Streams},
    deliver::{PutError, RecordOutcome},
    error::ForwardError,
    handler::{BURY_BUDGET, DeadLetters, Forwarder, Unburied},
    message::DeadLetter,
};

const MS: Duration = Duration::from_millis(1);
const PLENTY: Duration = Duration::from_secs(60);

async fn run(
    fake: &Fake,
    event: SqsEvent,
    policy: Policy,
    budget: Duration,
) -> Result<SqsBatchResponse, ForwardError> {
    let graveyard = Graveyard::default();
    let forwarder = Forwarder::new(fake, &graveyard, streams(), policy, Metrics::discarded());
    forwarder
        .forward(event, TraceContext::begin(), Instant::now() + budget)
        .await
}

async fn failed_ids(fake: &Fake, event: SqsEvent, budget: Duration) -> Vec<String> {
    let answer = run(fake, event, policy(), budget).await.expect("an answer");
    failures(&answer).into_iter().map(ToOwned::to_owned).collect()
}

/// Twelve messages that fill a record each, in one call.
fn twelve() -> SqsEvent {
    event((0..12).map(|n| traces(&format!("m{n}"), 400, 1)))
}

/// `n` messages of which three fill a call.
fn bulky(n: usize) -> SqsEvent {
    event((0..n).map(|n| traces(&format!("m{n}"), 1, 1_000_000)))
}

fn contains(record: &Bytes, id: &str) -> bool {
    String::from_utf8_lossy(record).contains(&format!("\"{id}.0\""))
}

fn code(code: &str) -> String {
    code.to_owned()
}

#[tokio::test(start_paused = true)]
async fn everything_gets_in_at_the_first_attempt() {
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    assert!(failed_ids(&fake, twelve(), PLENTY).await.is_empty());
    assert_eq!(fake.calls().len(), 1);
    assert_eq!(fake.calls()[0].records.len(), 12);
}

#[tokio::test(start_paused = true)]
async fn an_empty_event_makes_no_call() {
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    assert!(failed_ids(&fake, event([]), PLENTY).await.is_empty());
    assert!(fake.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn each_stream_gets_its_own_lines() {
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    let mixed = event((0..6).map(|n| {
        message(
            &n.to_string(),
            ["traces", "actions"][n % 2],
            &format!("{{\"n\":{n}}}\n"),
        )
    }));
    assert!(failed_ids(&fake, mixed, PLENTY).await.is_empty());
    let got: BTreeSet<_> = fake
        .calls()
        .into_iter()
        .map(|put| (put.stream, put.records))
        .collect();
    let record = |text: &'static str| vec![Bytes::from_static(text.as_bytes())];
    assert_eq!(
        got,
        BTreeSet::from([
            (TRACES.to_owned(), record("{\"n\":0}\n{\"n\":2}\n{\"n\":4}\n")),
            (ACTIONS.to_owned(), record("{\"n\":1}\n{\"n\":3}\n{\"n\":5}\n")),
        ])
    );
}

/// By which a new version that delivers nothing is given up.
#[tokio::test(start_paused = true)]
async fn messages_that_are_given_back_are_counted_and_none_is_no_metric() {
    for (fate, expected) in [("ServiceUnavailableException", Some(12)), ("", None)] {
        let fake = Fake::new(move |put, _| match fate {
            "" => (MS, accepted(put)),
            code => (MS, Ok(put.records.iter().map(|_| failed(code)).collect())),
        });
        let written = Written::default();
        let metrics = Metrics::to(&Env::of([]), written.clone());
        let graveyard = Graveyard::default();
        let forwarder = Forwarder::new(&fake, &graveyard, streams(), policy(), metrics);
        let answer = forwarder
            .forward(twelve(), TraceContext::begin(), Instant::now() + PLENTY)
            .await;
        assert!(answer.is_ok());
        let counted = written.lines().into_iter().filter_map(|line| {
            let line: Value = serde_json::from_str(&line).expect("JSON");
            line["Failures"].as_u64()
        });
        assert_eq!(counted.collect::<Vec<_>>(), Vec::from_iter(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn only_failed_records_are_sent_again_and_byte_identical() {
    let fake = Fake::new(|put, before| {
        let outcome = |(n, _): (usize, &Bytes)| match (before, n) {
            (0, 3 | 7) => failed("ServiceUnavailableException"),
            _ => RecordOutcome::Accepted,
        };
        (MS, Ok(put.records.iter().enumerate().map(outcome).collect()))
    });
    assert!(failed_ids(&fake, twelve(), PLENTY).await.is_empty());
    let calls = fake.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(
        calls[1].records,
        [calls[0].records[3].clone(), calls[0].records[7].clone()]
    );
}

#[tokio::test(start_paused = true)]
async fn what_never_gets_in_is_reported_and_nothing_else() {
    let fake = Fake::new(|put, _| {
        let outcome = |record: &Bytes| match contains(record, "m5") || contains(record, "m9") {
            true => failed("InternalFailure"),
            false => RecordOutcome::Accepted,
        };
        (MS, Ok(put.records.iter().map(outcome).collect()))
    });
    let started = Instant::now();
    assert_eq!(
        failed_ids(&fake, twelve(), Duration::from_secs(5)).await,
        ["m5", "m9"]
    );
    assert!(
        started.elapsed() <= Duration::from_millis(4_900),
        "the margin is kept"
    );
    assert!(fake.calls().len() > 20, "it was tried until then");
    assert!(fake.calls()[1..].iter().all(|put| put.records.len() == 2));
}

#[tokio::test(start_paused = true)]
async fn all_messages_of_a_failed_record_are_reported() {
    let fake = Fake::new(|_, _| (MS, Ok(vec![failed("InternalFailure")])));
    let small = event((0..4).map(|n| traces(&format!("m{n}"), 2, 1)));
    assert_eq!(failed_ids(&fake, small, PLENTY).await, ["m0", "m1", "m2", "m3"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_the_wrong_length_confirms_nothing() {
    for length in [0, 1, 11, 13] {
        let fake = Fake::new(move |put, before| match before {
            0 => (MS, Ok(vec![RecordOutcome::Accepted; length])),
            _ => (MS, accepted(put)),
        });
        assert!(failed_ids(&fake, twelve(), PLENTY).await.is_empty());
        assert_eq!(
            fake.calls()[1].records.len(),
            12,
            "all are sent again after {length} outcomes"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_stream_is_reported_at_once_and_its_neighbour_is_delivered() {
    let fake = Fake::new(|put, _| match put.stream.as_str() {
        TRACES => (MS, Err(PutError::Refused(code("ResourceNotFoundException")))),
        _ => (MS, accepted(put)),
    });
    let mixed = event((0..4).map(|n| message(&n.to_string(), ["traces", "actions"][n % 2], "{}")));
    let started = Instant::now();
    assert_eq!(failed_ids(&fake, mixed, PLENTY).await, ["0", "2"]);
    assert!(started.elapsed() < 10 * MS, "no time is spent on waiting");
    assert_eq!(fake.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_ends_retries_of_other_calls_too() {
    let fake = Fake::new(|_, before| match before {
        0 => (MS, Err(PutError::Unavailable(code("InternalFailure")))),
        1 => (50 * MS, Err(PutError::Refused(code("AccessDeniedException")))),
        _ => (MS * 60, Err(PutError::Unavailable(code("InternalFailure")))),
    });
    let started = Instant::now();
    assert_eq!(failed_ids(&fake, bulky(6), PLENTY).await.len(), 6);
    assert!(started.elapsed() < Duration::from_millis(200));
}

#[tokio::test(start_paused = true)]
async fn an_invalid_record_is_found_and_its_neighbours_get_in() {
    let fake = Fake::new(|put, _| {
        match put
            .records
            .iter()
            .any(|record| contains(record, "m4") || contains(record, "m5"))
        {
            true => (MS, Err(PutError::Rejected(code("InvalidArgumentException")))),
            false => (MS, accepted(put)),
        }
    });
    let started = Instant::now();
    assert_eq!(failed_ids(&fake, twelve(), PLENTY).await, ["m4", "m5"]);
    assert!(fake.calls().len() <= 2 * 12);
    assert!(started.elapsed() < 100 * MS, "halving waits for nothing");
}

#[tokio::test(start_paused = true)]
async fn calls_in_flight_are_bounded() {
    let fake = Fake::new(|put, _| (100 * MS, accepted(put)));
    let policy = Policy {
        concurrency: 3,
        ..policy()
    };
    let answer = run(&fake, bulky(30), policy, PLENTY).await.expect("an answer");
    assert!(failures(&answer).is_empty());
    assert_eq!((fake.calls().len(), fake.peak()), (10, 3));
}

#[tokio::test(start_paused = true)]
async fn a_throttle_slows_down_and_success_speeds_up() {
    let fake = Fake::new(|put, before| match before {
        0..4 => (
            10 * MS,
            Err(PutError::Throttled(code("ServiceUnavailableException"))),
        ),
        _ => (500 * MS, accepted(put)),
    });
    let four_at_a_time = Policy {
        concurrency: 4,
        ..policy()
    };
    let answer = run(&fake, bulky(36), four_at_a_time, PLENTY)
        .await
        .expect("an answer");
    assert!(failures(&answer).is_empty());
    let calls = fake.calls();
    let begun_by = |at: Instant| calls.iter().filter(|put| put.at <= at).count();
    assert_eq!(
        begun_by(calls[0].at + 400 * MS),
        4 + 2,
        "half as many after the throttle"
    );
    assert_eq!(
        begun_by(calls[0].at + 900 * MS),
        4 + 2 + 4,
        "and all again after two successes"
    );
    assert_eq!(calls.len(), 12 + 4);
}

#[tokio::test(start_paused = true)]
async fn one_throttled_stream_does_not_slow_the_other() {
    let fake = Fake::new(|put, _| match put.stream.as_str() {
        TRACES => (MS, Err(PutError::Throttled(code("ThrottlingException")))),
        _ => (MS, accepted(put)),
    });
    let big = format!("{{\"fill\":\"{}\"}}", "x".repeat(1_000_000));
    let mixed = event((0..24).map(|n| message(&n.to_string(), ["traces", "actions"][n % 2], &big)));
    let started = Instant::now();
    let failed = failed_ids(&fake, mixed, Duration::from_secs(3)).await;
    assert_eq!(
        failed,
        (0..24).step_by(2).map(|n| n.to_string()).collect::<Vec<_>>()
    );
    let last_action = fake
        .calls()
        .iter()
        .filter(|put| put.stream == ACTIONS)
        .map(|put| put.at)
        .max();
    assert!(last_action.expect("calls") - started < 10 * MS);
}

#[tokio::test(start_paused = true)]
async fn at_the_margin_calls_in_flight_are_cancelled_and_reported() {
    let fake = Fake::new(|put, before| match before {
        0 => (MS, accepted(put)),
        _ => (Duration::from_secs(3600), accepted(put)),
    });
    let started = Instant::now();
    let failed = failed_ids(&fake, bulky(30), Duration::from_secs(2)).await;
    assert_eq!(started.elapsed(), Duration::from_millis(1_900));
    let accepted = &fake.calls()[0].records;
    let got_in = |id: &String| accepted.iter().any(|record| contains(record, id));
    assert_eq!((accepted.len(), failed.len()), (3, 27));
    assert!(!failed.iter().any(got_in));
}

#[tokio::test(start_paused = true)]
async fn a_margin_longer_than_the_time_out_leaves_half_the_time() {
    let fake = Fake::new(|put, _| (40 * MS, accepted(put)));
    assert!(failed_ids(&fake, twelve(), 100 * MS).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn past_the_deadline_nothing_is_begun_and_all_is_reported() {
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    assert_eq!(failed_ids(&fake, twelve(), Duration::ZERO).await.len(), 12);
    assert!(fake.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_pass_the_margin_is_not_begun() {
    let fake = Fake::new(|_, _| (MS, Err(PutError::Unavailable(code("InternalFailure")))));
    let hour = Duration::from_secs(3600);
    let mut slow = policy();
    (slow.backoff.base, slow.backoff.cap) = (10_000 * hour, 10_000 * hour);
    let started = Instant::now();
    let answer = run(&fake, twelve(), slow, hour).await.expect("an answer");
    assert_eq!(failures(&answer).len(), 12);
    assert!(
        started.elapsed() < hour / 2,
        "the rest of the hour is not slept away"
    );
}

#[tokio::test(start_paused = true)]
async fn undeliverable_messages_are_moved_and_hold_nobody_back() {
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    let graveyard = Graveyard::default();
    let only_traces = Streams {
        actions: None,
        ..streams()
    };
    let forwarder = Forwarder::new(&fake, &graveyard, only_traces, policy(), Metrics::discarded());
    let mut unnamed = message("none", "", "{}");
    unnamed["messageAttributes"] = json!({});
    let mut binary = message("binary", "traces", "not json");
    binary["messageAttributes"]["raw"] = json!({"binaryValue": "AAEC", "dataType": "Binary"});
    let batch = event([
        message("good-1", "traces", "{}"),
        message("text", "traces", "hello"),
        message("empty", "traces", ""),
        message("long", "traces", &"{}\n".repeat(501)),
        message(
            "large",
            "traces",
            &format!("{{\"a\":\"{}\"}}", "x".repeat(1_024_000)),
        ),
        unnamed,
        message("unknown", "orders", "{}"),
        message("off", "actions", "{}"),
        binary,
        message("good-2", "traces", "{}"),
    ]);
    let answer = forwarder
        .forward(batch, TraceContext::begin(), Instant::now() + PLENTY)
        .await
        .expect("an answer");
    assert!(failures(&answer).is_empty());
    assert_eq!(fake.calls()[0].records, [Bytes::from_static(b"{}\n{}\n")]);
    let letters = graveyard.letters.lock().expect("no panic while held");
    let moved: Vec<_> = letters
        .iter()
        .map(|l| (l.message_id.as_deref().unwrap_or(""), l.reason.tag()))
        .collect();
    let expected = [
        ("text", "not_ndjson"),
        ("empty", "empty_body"),
        ("long", "too_many_lines"),
        ("large", "too_many_bytes"),
        ("none", "no_stream"),
        ("unknown", "unknown_stream"),
        ("off", "stream_not_configured"),
        ("binary", "not_ndjson"),
    ];
    assert_eq!(moved, expected);
    assert!(letters[0].trace_header.is_some());
    assert!(
        letters[7]
            .attributes
            .contains(&("raw".to_owned(), "AAEC".to_owned()))
    );
}

#[tokio::test(start_paused = true)]
async fn what_the_dead_letter_queue_refuses_is_reported() {
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    let graveyard = Graveyard {
        refuses: true,
        ..Graveyard::default()
    };
    let forwarder = Forwarder::new(&fake, &graveyard, streams(), policy(), Metrics::discarded());
    let batch = event([message("a", "traces", "{}"), message("b", "traces", "?")]);
    let answer = forwarder
        .forward(batch, TraceContext::begin(), Instant::now() + PLENTY)
        .await
        .expect("an answer");
    assert_eq!(failures(&answer), ["b"]);
}

/// A dead-letter queue that does not answer until it has to.
struct Asleep;

impl DeadLetters for &Asleep {
    async fn bury(&self, letters: &[DeadLetter], stop_at: Instant) -> Vec<Unburied> {
        tokio::time::sleep_until(stop_at).await;
        let unburied = |letter: &DeadLetter| Unburied {
            position: letter.position,
            code: "Late".to_owned(),
        };
        letters.iter().map(unburied).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_sleeping_dead_letter_queue_holds_up_the_answer_for_seconds_and_not_to_the_deadline() {
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    let forwarder = Forwarder::new(&fake, &Asleep, streams(), policy(), Metrics::discarded());
    let began = Instant::now();
    let batch = event([message("a", "traces", "{}"), message("b", "traces", "?")]);
    let answer = forwarder
        .forward(batch, TraceContext::begin(), began + 10 * BURY_BUDGET)
        .await
        .expect("an answer");
    assert_eq!(failures(&answer), ["b"]);
    assert_eq!(began.elapsed(), BURY_BUDGET);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_in_the_event_twice_is_delivered_and_reported_once() {
    let twice = || {
        event([
            traces("a", 1, 1),
            traces("a", 1, 1),
            message("a", "traces", "{\"other\":1}"),
        ])
    };
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    assert!(failed_ids(&fake, twice(), PLENTY).await.is_empty());
    let lines = fake.calls()[0].records[0]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count();
    assert_eq!(lines, 2, "one copy, and the other body under the same id");

    let fake = Fake::new(|_, _| (MS, Err(PutError::Refused(code("AccessDeniedException")))));
    assert_eq!(failed_ids(&fake, twice(), PLENTY).await, ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_message_without_an_id_sends_the_whole_batch_back() {
    let unnamed = |id: Value| {
        let mut first = traces("a", 1, 1);
        first["messageId"] = id;
        event([first, traces("b", 1, 1)])
    };
    for id in [Value::Null, json!("")] {
        let fake = Fake::new(|put, _| (MS, accepted(put)));
        assert!(failed_ids(&fake, unnamed(id.clone()), PLENTY).await.is_empty());

        let fake = Fake::new(|_, _| (MS, Err(PutError::Refused(code("AccessDeniedException")))));
        let answer = run(&fake, unnamed(id), policy(), PLENTY).await;
        assert_eq!(answer, Err(ForwardError::Unreportable { messages: 1 }));
    }
}

#[test]
fn an_invocation_can_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let fake = Fake::new(|put, _| (MS, accepted(put)));
    let graveyard = Graveyard::default();
    let forwarder = Forwarder::new(&fake, &graveyard, streams(), policy(), Metrics::discarded());
    drop(is_send(forwarder.forward(
        event([]),
        TraceContext::begin(),
        Instant::now(),
    )));
}
