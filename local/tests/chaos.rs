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
use stack::Stack;

fn seconds() -> u64 {
    env::var("PUNCTUAL_CHAOS_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

#[test]
fn faults_kills_and_a_restart_lose_nothing() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut stack = Stack::start(dir.path());
    stack.set_faults(&json!({
        "firehose_failed_records": 0.1, "firehose_throttled_calls": 0.1, "sqs_refused_entries": 0.05,
        "sqs_failed_calls": 0.02, "killed_invocations": 0.01, "service_latency_ms": 1,
    }));
    let phones = Phones::start(&stack.url);
    phones.run_for(Duration::from_secs(seconds() / 2));
    stack.kill_9();
    phones.run_for(Duration::from_millis(500));
    stack.restart();
    phones.run_for(Duration::from_secs(seconds() / 2));
    let sent = phones.stop();
    let killed = stack.killed_environments();
    stack.stop();

    let ledger = Ledger::new(&sent, &dir.path().join("firehose/traces"));
    println!("with kills ({killed} environments since the restart): {ledger}");
    assert!(sent.len() > 1_000, "hardly any load: {}", sent.len());
    assert!(killed > 0, "no environment was killed");
    assert_eq!(ledger.lost, Vec::<String>::new());
    assert_eq!(ledger.unknown, 0, "traces that no phone sent");
}

#[test]
fn without_kills_nothing_is_stored_twice() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let mut stack = Stack::start(dir.path());
    stack.set_faults(&json!({
        "firehose_failed_records": 0.1, "firehose_throttled_calls": 0.1, "sqs_refused_entries": 0.05,
    }));
    let phones = Phones::start(&stack.url);
    phones.run_for(Duration::from_secs(seconds() / 3));
    let sent = phones.stop();
    stack.stop();

    let ledger = Ledger::new(&sent, &dir.path().join("firehose/traces"));
    println!("without kills: {ledger}");
    assert_eq!(ledger.lost, Vec::<String>::new());
    assert_eq!((ledger.unknown, ledger.resent_twice, ledger.redelivered), (0, 0, 0));
}
