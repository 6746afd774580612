//! Schedules in front of functions: what these get, and how a stop treats them.

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use local::faults::FaultSettings;
use serde_json::{Value, json};

use crate::support::{Gate, Project, Started, invoke, json as parse, lines, until, until_busy};

const LIMIT: Duration = Duration::from_secs(20);

/// The probe behind one schedule, whose rate begins with the stack.
fn project(seen: &Path, properties: &str, input: &Value) -> Project {
    let properties = format!(
        "Timeout: 60\n{properties}
Events:
  Slot:
    Type: ScheduleV2
    Properties:
      ScheduleExpression: rate(1 day)
      Input: '{input}'"
    );
    Project::new(&properties, &[("PROBE_SEEN", &seen.display().to_string())], "")
}

async fn status(running: &Started) -> Value {
    let url = format!("{}/_punctual/status", running.url());
    let get = move || ureq::get(url).call().expect("status").body_mut().read_json();
    tokio::task::spawn_blocking(get)
        .await
        .expect("no panic")
        .expect("JSON")
}

#[tokio::test]
async fn a_schedule_invokes_its_function_with_its_attributes_filled_in() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let input = json!({
        "slot": "<aws.scheduler.scheduled-time>",
        "schedule": "<aws.scheduler.schedule-arn>",
        "execution": "<aws.scheduler.execution-id>",
        "attempt": "<aws.scheduler.attempt-number>",
    });
    let before = Timestamp::now();
    let running = project(&seen, "", &input).start().await;
    until("it was triggered", || async { lines(&seen).len() == 1 }).await;
    let event = parse(lines(&seen)[0].as_bytes());
    let slot: Timestamp = event["slot"]
        .as_str()
        .and_then(|slot| slot.parse().ok())
        .expect("a time");
    assert!(slot >= before - SignedDuration::from_secs(1) && slot <= Timestamp::now());
    let arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/ProbeSlot";
    assert_eq!(
        (&event["schedule"], &event["attempt"]),
        (&json!(arn), &json!("1"))
    );
    assert_eq!(event["execution"].as_str().map(str::len), Some(16));

    let schedule = &status(&running).await["schedules"][0];
    let tomorrow = slot + SignedDuration::from_hours(24);
    assert_eq!(
        [
            &schedule["name"],
            &schedule["function"],
            &schedule["next"],
            &schedule["last_due"]
        ],
        [
            &json!("ProbeSlot"),
            &json!("Probe"),
            &json!(tomorrow.to_string()),
            &event["slot"]
        ]
    );
    assert_eq!(schedule["triggers"], 1);
}

#[tokio::test]
async fn a_stop_does_not_wait_for_what_a_schedule_triggered() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let running = project(&seen, "", &json!({ "sleep_ms": 50_000 })).start().await;
    until("it was triggered", || async { lines(&seen).len() == 1 }).await;
    let started = Instant::now();
    assert_eq!(running.stop(LIMIT).await, []);
    assert!(started.elapsed() < LIMIT / 2, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_schedule_is_not_begun_for_a_single_call() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let mut project = project(&seen, "", &json!("scheduled"));
    project.options.triggers = false;
    let running = project.start().await;
    invoke(&running, r#""asked""#).await;
    running.stop(LIMIT).await;
    assert_eq!(lines(&seen), [r#""asked""#]);
}

#[tokio::test]
async fn a_failed_trigger_is_tried_again_and_a_duplicate_is_one_of_its_own() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let input = json!({ "fail": "always", "execution": "<aws.scheduler.execution-id>" });
    let mut project = project(&seen, "", &input);
    project.options.faults = FaultSettings {
        duplicated_triggers: 1.0,
        ..FaultSettings::default()
    };
    let _running = project.start().await;
    until("both were tried three times", || async {
        lines(&seen).len() == 6
    })
    .await;
    let mut seen = lines(&seen);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 2, "{seen:?}");
}

/// A publisher holds on for minutes, and its next triggers come meanwhile.
#[tokio::test]
async fn what_the_template_reserves_may_run_side_by_side() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let gate = Gate::new();
    let input = parse(gate.event().as_bytes());
    let mut project = project(&seen, "ReservedConcurrentExecutions: 3", &input);
    project.options.max_environments = 1;
    let running = project.start().await;
    let event = gate.event();
    let two = async { tokio::join!(invoke(&running, &event), invoke(&running, &event)) };
    let all_busy = async {
        until_busy(&running, 3).await;
        gate.open();
    };
    tokio::join!(two, all_busy);
    assert_eq!(running.lambda().status()[0].throttles, 0);
}
