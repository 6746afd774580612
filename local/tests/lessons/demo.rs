//! `punctual demo` on a stack that has just started.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::{Stack, punctual};

#[test]
fn riders_get_proven_run_sheets_and_lessons_open_on_the_dot() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_dir = folder.path().join("with a blank");
    let stack = Stack::start(&data_dir);
    let database = stack.status()["database"].as_str().expect("a URL").to_owned();
    assert!(database.ends_with("/with%20a%20blank/lessons.db"), "{database}");

    let at = (Timestamp::now() + SignedDuration::from_secs(6)).to_string();
    let said = punctual(&[
        "demo",
        "--url",
        &stack.url,
        "--riders",
        "12",
        "--lessons",
        "2000",
        "--at",
        &at,
        "--json",
    ]);
    let said = said.json();
    let riders = &said["riders"];
    assert_eq!(
        (&riders["answers"], &riders["proven"]),
        (&12.into(), &12.into()),
        "{riders}"
    );
    let [median, longest] = ["median_ms", "longest_ms"].map(|figure| riders[figure].as_f64());
    assert!(Some(0.0) < median && median <= longest, "{riders}");
    let lessons = &said["lessons"];
    for (figure, expected) in [("made", 2000), ("opened", 2000), ("planned", 2000), ("late", 0)] {
        assert_eq!(lessons[figure], expected, "{lessons}");
    }
    let [first, last] = ["first_commit_late_ms", "last_commit_late_ms"].map(|figure| {
        let late = lessons[figure].as_i64();
        late.unwrap_or_else(|| panic!("{figure} in {lessons}"))
    });
    assert!(0 <= first && first <= last && last < 5_000, "{lessons}");

    let fleet = &said["fleet"];
    assert_eq!(
        (&fleet["agents"], &fleet["failed"]),
        (&50.into(), &0.into()),
        "{fleet}"
    );
    assert_eq!(fleet["requests"], fleet["accepted"], "{fleet}");
    how_it_is_doing(&stack, lessons);

    let said = punctual(&["demo", "--url", &stack.url, "--api-key", "another"]);
    assert!(
        !said.ok && said.err.contains("give the right one with --api-key"),
        "{said:?}"
    );

    let said = punctual(&["demo", "--url", &stack.url, "--database-url", "sqlite:other.db"]);
    assert!(
        !said.ok && said.err.contains("leave out --database-url"),
        "{said:?}"
    );
}

/// What `punctual status` says, for people and for scripts.
fn how_it_is_doing(stack: &Stack, lessons: &Value) {
    let status = punctual(&["status", "--url", &stack.url, "--json"]).json();
    assert!(status["rates"]["accepted"].as_f64() > Some(1.0), "{status}");
    assert!(
        status["queues"]["punctual-traces"]["visible"].is_u64(),
        "{status}"
    );
    assert!(
        status["streams"]["actions"]["lines"].as_u64() >= Some(1),
        "{status}"
    );
    let lateness = &status["lateness"];
    for figure in ["planned", "first_commit_late_ms", "last_commit_late_ms"] {
        assert_eq!(lateness[figure], lessons[figure], "{status}");
    }
    let said = punctual(&["status", "--url", &stack.url]);
    for part in [
        "ingest    ",
        "queue     punctual-traces: ",
        "2000 of 2000 opened, first ",
    ] {
        assert!(said.ok && said.out.contains(part), "{part} in {said:?}");
    }
}

#[test]
fn without_a_stack_each_command_says_how_to_start_one() {
    for command in ["demo", "status"] {
        let said = punctual(&[command, "--url", "http://127.0.0.1:9"]);
        assert!(!said.ok && said.err.contains("cargo run --release"), "{said:?}");
    }
}
