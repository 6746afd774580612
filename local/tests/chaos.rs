//! The promise of ingest, on the whole stack as a user runs it: what was
//! acknowledged reaches a file, whatever fails and whoever is killed meanwhile.
//!
//! Lasts `PUNCTUAL_CHAOS_SECONDS` (default 12); `make chaos` runs a minute of it.

#[path = "chaos/ledger.rs"]
mod ledger;
#[path = "chaos/phones.rs"]
mod phones;
#[path = "chaos/stack.rs"]
mod stack;

use std::{env, time::Duration};

use ledger::Ledger;
use phones::Phones;
use serde_json::json;
use stack::{Counters, Stack};

/// Shorter than any time-out of the functions' clients.
const SLOW: Duration = Duration::from_millis(2500);
/// Traces in the largest request of a phone, and so in one message.
const MOST_TRACES: u64 = 100;
const ROUNDS: u32 = 3;

fn seconds() -> u64 {
    env::var("PUNCTUAL_CHAOS_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(12)
}

#[test]
fn faults_kills_and_a_restart_lose_nothing() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let faults = json!({
        "firehose_failed_records": 0.1, "firehose_throttled_calls": 0.1, "sqs_refused_entries": 0.05,
        "sqs_failed_calls": 0.02, "killed_invocations": 0.05, "service_latency_ms": 1,
    });
    let mut stack = Stack::start(dir.path(), faults);
    let phones = Phones::start(&stack.url);
    phones.run_for(Duration::from_secs(seconds() / 2));
    let mut counters = stack.counters();
    stack.kill_9();
    phones.run_for(Duration::from_millis(500));
    stack.restart();
    phones.run_for(Duration::from_secs(seconds() / 2));
    let sent = phones.stop();
    counters += stack.counters();
    stack.stop();

    let ledger = Ledger::new(&sent, &dir.path().join("firehose/traces"));
    println!("with kills: {ledger}; {counters:?}");
    assert!(sent.tries.len() > 100, "hardly any load: {}", sent.tries.len());
    assert!(counters.kills > 0, "no environment was killed");
    assert_eq!(ledger.lost, Vec::<String>::new());
    assert_eq!(ledger.unknown, 0, "traces that no phone sent");
    let handed_out_again = counters.redelivered + counters.waiting;
    assert!(
        ledger.redelivered as u64 <= handed_out_again * MOST_TRACES,
        "more was stored twice than in messages that were handed out again"
    );
}

/// A duplicate needs a reason. Without kills one is left: an answer that comes
/// after the functions' clients gave up on it (3 s for SQS, 5 s for Firehose),
/// so that they send again what had arrived. No test can forbid a loaded
/// machine to be that slow; a round in which it was proves nothing and is
/// repeated.
#[test]
fn without_kills_nothing_is_stored_twice() {
    for round in 1..=ROUNDS {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let faults = json!({
            "firehose_failed_records": 0.1, "firehose_throttled_calls": 0.1, "sqs_refused_entries": 0.05,
        });
        let mut stack = Stack::start(dir.path(), faults);
        let phones = Phones::start(&stack.url);
        phones.run_for(Duration::from_secs(seconds() / 3));
        let sent = phones.stop();
        let settled = stack.settle();
        let counters = stack.counters();
        stack.stop();

        let ledger = Ledger::new(&sent, &dir.path().join("firehose/traces"));
        let slowest = sent.slowest.max(settled);
        println!("without kills, round {round}: {ledger}; slowest answer {slowest:?}; {counters:?}");
        assert_eq!(ledger.lost, Vec::<String>::new());
        assert_eq!(ledger.unknown, 0, "traces that no phone sent");
        if slowest < SLOW {
            assert_eq!(counters, Counters::default());
            assert_eq!((ledger.resent_twice, ledger.redelivered), (0, 0));
            return;
        }
    }
    panic!("this machine was too slow in each of {ROUNDS} rounds: no time-out was ruled out");
}
