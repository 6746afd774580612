//! Environments: reuse, more under load, waiting and throttling at the limit.

use std::collections::BTreeSet;
use std::time::Duration;

use futures::future::join_all;
use local::lambda::{InvokeError, Start};

use crate::support::{Gate, Project, invoke, json, lines, pid, try_invoke, until, until_busy};

#[tokio::test]
async fn an_idle_environment_is_used_again() {
    let running = Project::new("", &[], "").start().await;
    assert_eq!(pid(&running).await, pid(&running).await);
    let status = &running.lambda().status()[0];
    assert_eq!(status.environments.len(), 1);
    assert_eq!((status.invocations, status.cold_starts, status.errors), (2, 0, 0));
    assert!(status.environments[0].init_ms.is_some());
}

#[tokio::test]
async fn the_event_comes_with_lambdas_context() {
    let running = Project::new("Timeout: 7", &[], "").start().await;
    let before = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970");
    let output = invoke(&running, r#"{"echo":{"a":[1,"é"]}}"#).await;
    let answer = json(&output.payload);
    assert_eq!(answer["echo"], serde_json::json!({ "a": [1, "é"] }));
    assert_eq!(answer["request_id"], output.request_id.to_string());
    assert_eq!(
        answer["arn"],
        "arn:aws:lambda:us-east-1:000000000000:function:Probe"
    );
    assert!(answer["trace_id"].as_str().expect("text").starts_with("Root=1-"));
    let left = u128::from(answer["deadline"].as_u64().expect("a number")) - before.as_millis();
    assert!((7000..10_000).contains(&left), "{left} ms");
}

#[tokio::test]
async fn parallel_load_starts_environments_up_to_the_limit() {
    let mut project = Project::new("Timeout: 20", &[], "");
    project.options.max_environments = 3;
    let running = project.start().await;
    let gate = Gate::new();
    let event = gate.event();
    let load = join_all((0..8).map(|_| invoke(&running, &event)));
    let all_busy = async {
        until_busy(&running, 3).await;
        gate.open();
    };
    let (outputs, ()) = tokio::join!(load, all_busy);
    let used: BTreeSet<_> = outputs.iter().map(|output| output.environment.clone()).collect();
    assert_eq!(used.len(), 3);
    let status = &running.lambda().status()[0];
    assert_eq!(
        (status.environments.len(), status.cold_starts, status.throttles),
        (3, 2, 0)
    );
    let cold = outputs.iter().filter(|output| output.init_duration.is_some());
    assert_eq!(cold.count(), 2);
    let starts = status.environments.iter().map(|environment| environment.start);
    assert_eq!(starts.filter(|start| *start == Start::OnDemand).count(), 2);
    assert!(
        status
            .environments
            .iter()
            .all(|one| one.first_answer_ms.is_some())
    );
}

/// As Lambda's platform logs it, of each environment's first invocation.
#[tokio::test]
async fn the_first_answer_is_reported_with_the_init_that_was_waited_for() {
    let mut project = Project::new("Timeout: 20", &[], "");
    project.options.max_environments = 2;
    let running = project.start().await;
    let gate = Gate::new();
    let event = gate.event();
    let load = join_all((0..2).map(|_| invoke(&running, &event)));
    let all_busy = async {
        until_busy(&running, 2).await;
        gate.open();
    };
    tokio::join!(load, all_busy);
    invoke(&running, "{}").await;
    let log = project.options.data_dir.join("logs/Probe.log");
    running.stop(Duration::from_secs(5)).await;
    let reports: Vec<_> = lines(&log)
        .iter()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line.get(line.find('{')?..)?).ok())
        .filter(|line| line["type"] == "platform.report")
        .collect();
    assert_eq!(reports.len(), 2, "{reports:?}");
    let metric = |name: &str| {
        reports
            .iter()
            .filter(|line| line["record"]["metrics"][name].is_f64())
            .count()
    };
    assert_eq!((metric("durationMs"), metric("initDurationMs")), (2, 1));
}

#[tokio::test]
async fn at_the_limit_callers_are_served_in_the_order_they_came() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let mut project = Project::new("Timeout: 20", &[("PROBE_SEEN", &seen.display().to_string())], "");
    project.options.max_environments = 1;
    let running = project.start().await;
    let load = (0..6).map(|n| {
        let running = &running;
        async move { invoke(running, &format!(r#"{{"echo":{n},"sleep_ms":20}}"#)).await }
    });
    join_all(load).await;
    let order: Vec<_> = lines(&seen)
        .iter()
        .map(|line| json(line.as_bytes())["echo"].clone())
        .collect();
    assert_eq!(order, [0, 1, 2, 3, 4, 5]);
    assert_eq!(running.lambda().status()[0].environments.len(), 1);
}

#[tokio::test]
async fn a_caller_waits_no_longer_than_the_functions_time_out() {
    let mut project = Project::new("Timeout: 3", &[], "");
    project.options.max_environments = 1;
    let running = project.start().await;
    let first = invoke(&running, r#"{"sleep_ms":2000}"#);
    let second = invoke(&running, r#"{"sleep_ms":2000}"#);
    let third = try_invoke(&running, r#"{"echo":1}"#);
    let (first, second, third) = tokio::join!(first, second, third);
    assert_eq!((first.function_error, second.function_error), (None, None));
    assert_eq!(third.err(), Some(InvokeError::Throttled));
}

#[tokio::test]
async fn reserved_concurrency_throttles_at_once() {
    let running = Project::new("Timeout: 30\nReservedConcurrentExecutions: 1", &[], "")
        .start()
        .await;
    let gate = Gate::new();
    let event = gate.event();
    let busy = invoke(&running, &event);
    let refused = async {
        until_busy(&running, 1).await;
        let refused = try_invoke(&running, r#"{"echo":1}"#).await;
        gate.open();
        refused
    };
    let (busy, refused) = tokio::join!(busy, refused);
    assert_eq!(busy.function_error, None);
    assert_eq!(refused.err(), Some(InvokeError::Throttled));
    // The place is free as soon as the answer is there, again and again.
    for _ in 0..50 {
        pid(&running).await;
    }
    assert_eq!(running.lambda().status()[0].throttles, 1);
}

#[tokio::test]
async fn idle_environments_beyond_the_first_are_stopped() {
    let mut project = Project::new("Timeout: 20", &[], "");
    project.options.idle_limit = Duration::from_millis(100);
    let running = project.start().await;
    join_all((0..3).map(|_| invoke(&running, r#"{"sleep_ms":100}"#))).await;
    until("one environment is left", || async {
        running.lambda().status()[0].environments.len() == 1
    })
    .await;
    pid(&running).await;
}

#[tokio::test]
async fn a_function_sees_lambdas_environment_and_nothing_of_the_shell() {
    let running = Project::new(
        "MemorySize: 256\nLoggingConfig:\n  LogFormat: JSON\n  ApplicationLogLevel: WARN",
        &[("GREETING", "hello")],
        "",
    )
    .start()
    .await;
    let names = [
        "GREETING",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_LOG_FORMAT",
        "AWS_LAMBDA_LOG_LEVEL",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_ENDPOINT_URL",
        "TZ",
        "HOME",
        "CARGO_MANIFEST_DIR",
    ];
    let output = invoke(&running, &serde_json::json!({ "environment": names }).to_string()).await;
    let url = running.url();
    let expected = serde_json::json!([
        "hello",
        "Probe",
        "256",
        "JSON",
        "WARN",
        "on-demand",
        url,
        ":UTC",
        null,
        null
    ]);
    assert_eq!(json(&output.payload), expected);
}

#[tokio::test]
async fn a_function_runs_in_the_folder_of_its_code() {
    let project = Project::new("", &[], "");
    let code = std::fs::canonicalize(project.dir.path().join("code")).expect("a folder");
    let running = project.start().await;
    let output = invoke(&running, r#"{"environment":["LAMBDA_TASK_ROOT","PWD"]}"#).await;
    let seen = json(&output.payload);
    let seen = |index: usize| std::fs::canonicalize(seen[index].as_str().expect("a path")).expect("a folder");
    assert_eq!((seen(0), seen(1)), (code.clone(), code));
}

#[tokio::test]
async fn provisioned_concurrency_is_there_before_ready() {
    let properties =
        "AutoPublishAlias: live\nProvisionedConcurrencyConfig:\n  ProvisionedConcurrentExecutions: 2";
    let running = Project::new(properties, &[], "").start().await;
    let status = &running.lambda().status()[0];
    assert_eq!(status.environments.len(), 2);
    for environment in &status.environments {
        assert_eq!(environment.start, Start::Provisioned);
        // Started and through with its init phase: nobody waits for it.
        assert!(environment.init_ms.is_some());
        assert!(!environment.cold && environment.first_answer_ms.is_none());
    }
    let output = invoke(&running, r#"{"environment":["AWS_LAMBDA_INITIALIZATION_TYPE"]}"#).await;
    assert_eq!(json(&output.payload)[0], "provisioned-concurrency");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_function_with_a_whole_vcpu_steps_back_behind_the_others() {
    let own = nice_values(std::process::id())[0];
    let all = processors(std::process::id());
    // One is left to the others, where there are two.
    let fewer = all[usize::from(all.len() > 1)..].to_vec();
    for (memory_mb, expected, allowed) in [(1768, own, all), (1769, 19, fewer)] {
        let running = Project::new(&format!("MemorySize: {memory_mb}"), &[], "")
            .start()
            .await;
        let child = pid(&running).await.try_into().expect("a process id");
        for nice in nice_values(child) {
            assert_eq!(nice, expected, "{memory_mb} MB");
        }
        assert_eq!(processors(child), allowed, "{memory_mb} MB");
    }
}

/// Where a process may run.
#[cfg(target_os = "linux")]
fn processors(pid: u32) -> Vec<usize> {
    use rustix::{process::Pid, thread::CpuSet, thread::sched_getaffinity};
    let set = sched_getaffinity(Pid::from_raw(pid.cast_signed())).expect("it runs");
    (0..CpuSet::MAX_CPU)
        .filter(|&processor| set.is_set(processor))
        .collect()
}

/// Of all threads of a process; one may end while it is looked at.
#[cfg(target_os = "linux")]
fn nice_values(pid: u32) -> Vec<i32> {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).expect("it runs");
    let nice = |thread: std::io::Result<std::fs::DirEntry>| {
        let stat = std::fs::read_to_string(thread.ok()?.path().join("stat")).ok()?;
        let (_, fields) = stat.rsplit_once(") ").expect("a name");
        let nice = fields.split(' ').nth(16).expect("a field");
        Some(nice.parse().expect("a number"))
    };
    let all: Vec<i32> = threads.filter_map(nice).collect();
    assert!(!all.is_empty(), "it runs");
    all
}
