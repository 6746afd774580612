//! Every way in which a function can fail, and that the next call works.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use local::faults::FaultSettings;
use local::lambda::{InvokeError, InvokeKind, MAX_PAYLOAD_BYTES};

use crate::process::is_alive;
use crate::support::{Project, error, invoke, lines, pid, probe, try_invoke, until};

#[tokio::test]
async fn a_time_out_kills_the_process_and_the_next_call_gets_a_new_one() {
    let running = Project::new("Timeout: 1", &[], "").start().await;
    let before = pid(&running).await;
    let output = invoke(&running, r#"{"sleep_ms":60000}"#).await;
    let (kind, message) = error(&output);
    assert_eq!(kind, "Sandbox.Timedout");
    let id = output.request_id;
    assert_eq!(
        message,
        format!("RequestId: {id} Error: Task timed out after 1.00 seconds")
    );
    assert_ne!(pid(&running).await, before);
    let status = &running.lambda().status()[0];
    assert_eq!((status.timeouts, status.errors, status.invocations), (1, 1, 3));
}

/// The runtime and a helper, both started by a shell that stays above them.
#[tokio::test]
async fn a_sandbox_ends_as_a_whole() {
    let project = Project::new("Timeout: 1", &[], "");
    let bootstrap = project.dir.path().join("code/bootstrap");
    let helper = project.dir.path().join("helper");
    let (probe, file) = (probe(), helper.display());
    let script = format!(
        "#!/bin/sh\nsleep 300 &\necho $! >> '{file}'\n'{}'\nexit $?\n",
        probe.display()
    );
    std::fs::remove_file(&bootstrap).expect("removed");
    std::fs::write(&bootstrap, script).expect("written");
    std::fs::set_permissions(&bootstrap, Permissions::from_mode(0o755)).expect("executable");
    let running = project.start().await;
    for event in [r#"{"sleep_ms":60000}"#, r#"{"exit":7}"#] {
        let runtime = pid(&running).await;
        let helper: u64 = lines(&helper)
            .last()
            .and_then(|pid| pid.parse().ok())
            .expect("a pid");
        assert!(is_alive(runtime) && is_alive(helper));
        error(&invoke(&running, event).await);
        until("both have ended", || async {
            !is_alive(runtime) && !is_alive(helper)
        })
        .await;
    }
    // A runtime that is dropped in mid-work kills no less.
    let runtime = pid(&running).await;
    drop(running);
    until("it has ended", || async { !is_alive(runtime) }).await;
}

#[tokio::test]
async fn a_crash_is_reported_and_the_process_replaced() {
    let running = Project::new("", &[], "").start().await;
    for (event, words) in [
        (r#"{"exit":7}"#, "Runtime exited with error: exit status 7"),
        (r#"{"exit":0}"#, "Runtime exited without providing a reason"),
        (r#"{"abort":true}"#, "Runtime exited with error: signal: aborted"),
    ] {
        let before = pid(&running).await;
        let output = invoke(&running, event).await;
        let (kind, message) = error(&output);
        assert_eq!(kind, "Runtime.ExitError");
        assert_eq!(
            message,
            format!("RequestId: {} Error: {words}", output.request_id)
        );
        assert_ne!(pid(&running).await, before);
    }
}

#[tokio::test]
async fn a_functions_own_error_keeps_its_process() {
    let running = Project::new("", &[], "").start().await;
    let before = pid(&running).await;
    let (_, message) = error(&invoke(&running, r#"{"fail":"no such rider"}"#).await);
    assert_eq!(message, "no such rider");
    let (_, message) = error(&invoke(&running, r#"{"panic":"a bug"}"#).await);
    assert!(message.contains("a bug"), "{message}");
    assert_eq!(pid(&running).await, before);
}

#[tokio::test]
async fn a_function_that_does_not_start_stops_the_stack_with_its_last_words() {
    for (init, words) in [("exit", "no database here"), ("panic", "bad configuration")] {
        let project = Project::new("", &[("PROBE_INIT", init)], "");
        let error = project.try_start().await.err().expect("refused").to_string();
        assert!(error.contains("Probe") && error.contains(words), "{error}");
        let log = project.options.data_dir.join("logs/Probe.log");
        assert!(error.contains(log.to_str().expect("UTF-8")), "{error}");
        let printed = std::fs::read_to_string(log).expect("a log");
        assert!(printed.contains("probe: "), "{printed}");
    }
}

#[tokio::test]
async fn a_start_has_a_limit() {
    let mut project = Project::new("", &[("PROBE_INIT", "hang")], "");
    project.options.init_limit = Duration::from_millis(200);
    let error = project.try_start().await.err().expect("refused").to_string();
    assert!(
        error.contains("Initialization timed out after 0.20 seconds"),
        "{error}"
    );
}

#[tokio::test]
async fn failed_starts_fail_their_invocation_back_off_and_recover() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let broken = notes.path().join("broken");
    let variable = broken.display().to_string();
    let running = Project::new("", &[("PROBE_INIT_FAILS_WHILE", &variable)], "")
        .start()
        .await;
    std::fs::write(&broken, "").expect("file");
    running.lambda().kill("Probe").expect("killed");
    until("the environment is gone", || async {
        running.lambda().status()[0].environments.is_empty()
    })
    .await;
    let started = Instant::now();
    for _ in 0..3 {
        let (kind, message) = error(&invoke(&running, r#"{"echo":1}"#).await);
        assert_eq!(kind, "Runtime.ExitError");
        assert!(message.contains("probe: still failing"), "{message}");
    }
    // 200 ms before the second try and 400 ms before the third.
    assert!(
        started.elapsed() >= Duration::from_millis(600),
        "{:?}",
        started.elapsed()
    );
    std::fs::remove_file(&broken).expect("removed");
    pid(&running).await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn more_memory_than_the_setting_is_out_of_memory() {
    let running = Project::new("MemorySize: 128\nTimeout: 30", &[], "")
        .start()
        .await;
    let (kind, message) = error(&invoke(&running, r#"{"allocate_mb":200}"#).await);
    assert_eq!(kind, "Runtime.OutOfMemory");
    assert!(message.ends_with("signal: killed"), "{message}");
    pid(&running).await;
}

#[tokio::test]
async fn payloads_end_at_lambdas_limit() {
    let running = Project::new("Timeout: 20", &[], "").start().await;
    // Two quotes around the text.
    let fits = MAX_PAYLOAD_BYTES - 2;
    let output = invoke(&running, &format!(r#"{{"pad":{fits}}}"#)).await;
    assert_eq!(
        (output.function_error, output.payload.len()),
        (None, MAX_PAYLOAD_BYTES)
    );
    let (kind, message) = error(&invoke(&running, &format!(r#"{{"pad":{}}}"#, fits + 1)).await);
    assert_eq!(kind, "Function.ResponseSizeTooLarge");
    assert!(message.contains("6291557 bytes"), "{message}");
    let large = format!(r#"{{"echo":"{}"}}"#, "x".repeat(MAX_PAYLOAD_BYTES));
    assert_eq!(
        try_invoke(&running, &large).await.err(),
        Some(InvokeError::TooLarge)
    );
    pid(&running).await;
}

#[tokio::test]
async fn a_fault_that_always_kills_kills_each_invocation_and_no_other() {
    let mut project = Project::new("Timeout: 20", &[], "");
    let faults = |killed_invocations| FaultSettings {
        killed_invocations,
        ..FaultSettings::default()
    };
    project.options.faults = faults(1.0);
    let running = project.start().await;
    // Most answers come before the moment of the kill, and must not get out.
    for event in [r#"{"echo":1}"#; 9].into_iter().chain([r#"{"sleep_ms":10000}"#]) {
        let (kind, message) = error(&invoke(&running, event).await);
        assert_eq!(kind, "Runtime.ExitError");
        assert!(message.ends_with("signal: killed"), "{message}");
    }
    running.set_faults(faults(0.0)).expect("shares");
    for _ in 0..5 {
        pid(&running).await;
    }
    let status = &running.lambda().status()[0];
    assert_eq!((status.kills, status.errors, status.invocations), (10, 10, 15));
}

#[tokio::test]
async fn whoever_dies_in_the_middle_of_an_answer_has_exited() {
    let running = Project::new("Timeout: 20", &[("PROBE_INIT", "cut")], "")
        .start()
        .await;
    let (kind, message) = error(&invoke(&running, "{}").await);
    assert_eq!(kind, "Runtime.ExitError");
    assert!(message.ends_with("exit status 7"), "{message}");
}

#[tokio::test]
async fn an_environment_that_asks_for_no_more_gives_its_place_back() {
    let mut project = Project::new("Timeout: 1", &[("PROBE_INIT", "silent")], "");
    project.options.max_environments = 1;
    let running = project.start().await;
    let first = invoke(&running, "{}").await;
    until("another environment answers", || async {
        let second = try_invoke(&running, "{}").await;
        second.is_ok_and(|second| second.environment != first.environment)
    })
    .await;
}

#[tokio::test]
async fn an_event_is_tried_three_times_or_as_often_as_the_template_says() {
    for (properties, tries) in [("", 3), ("EventInvokeConfig: {MaximumRetryAttempts: 0}", 1)] {
        let notes = tempfile::tempdir().expect("temporary directory");
        let seen = notes.path().join("seen");
        let running = Project::new(properties, &[("PROBE_SEEN", &seen.display().to_string())], "")
            .start()
            .await;
        let event = bytes::Bytes::from_static(br#"{"fail":"always"}"#);
        let accepted = running.lambda().invoke("Probe", event, InvokeKind::Event).await;
        assert!(accepted.expect("accepted").payload.is_empty());
        until("the event is given up", || async {
            running.lambda().queued_events() == 0
        })
        .await;
        assert_eq!(lines(&seen).len(), tries);
    }
}

#[tokio::test]
async fn a_dry_run_and_an_unknown_function_run_nothing() {
    let running = Project::new("", &[], "").start().await;
    let dry = running
        .lambda()
        .invoke("code", bytes::Bytes::new(), InvokeKind::DryRun)
        .await;
    dry.expect("known by its folder");
    let unknown = running
        .lambda()
        .invoke("Nobody", bytes::Bytes::new(), InvokeKind::RequestResponse);
    assert_eq!(
        unknown.await.err(),
        Some(InvokeError::NotFound("Nobody".to_owned()))
    );
    assert_eq!(running.lambda().status()[0].invocations, 0);
}
