//! `punctual invoke` against a stack that runs, and without one.

use std::path::Path;
use std::process::{Command, Output};

use bytes::Bytes;
use local::stack::Running;

use crate::support::{Project, lines};

/// Nothing listens on port 9: the command starts a stack of its own.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Runs the command on another thread: a stack under test needs this one.
async fn punctual(project: &Project, function: &str, event: &str, url: &str, more: &[&str]) -> Output {
    let path = project.dir.path().join("event.json");
    std::fs::write(&path, event).expect("event");
    let mut command = Command::new(env!("CARGO_BIN_EXE_punctual"));
    command
        .args(["invoke", function, "--url", url])
        .args(more)
        .arg(path);
    let run = tokio::task::spawn_blocking(move || command.output());
    run.await.expect("no panic").expect("run")
}

fn own<'a>(project: &'a Project, data_dir: &'a Path) -> [&'a str; 4] {
    let text = |path: &'a Path| path.to_str().expect("UTF-8");
    let template = text(&project.options.template);
    ["--template", template, "--data-dir", text(data_dir)]
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_running_stack_is_used_and_its_answer_printed() {
    let project = Project::new("", &[], "");
    let running = project.start().await;
    let call = |event: &'static str, more: &'static [&'static str]| {
        let url = running.url();
        let project = &project;
        async move { punctual(project, "probe", event, &url, more).await }
    };
    let output = call(
        r#"{"echo":"hello"}"#,
        &["--json", "--fault", "sqs-failed-calls=1"],
    )
    .await;
    assert!(output.status.success(), "{}", said(&output));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["payload"]["echo"], "hello");
    assert_eq!(answer["function_error"], serde_json::Value::Null);
    assert!(
        said(&output).contains("--fault has no effect"),
        "{}",
        said(&output)
    );

    let output = call(r#"{"fail":"no such rider"}"#, &[]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("no such rider"));
    assert_eq!(running.lambda().status()[0].invocations, 2);
}

#[tokio::test]
async fn an_unknown_function_is_told_with_the_names_there_are() {
    let project = Project::new("", &[], "");
    let running = project.start().await;
    let words = "there is no function `rider`; there are: Probe";
    let output = punctual(&project, "rider", "{}", &running.url(), &[]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains(words), "{}", said(&output));
    let data = tempfile::tempdir().expect("temporary directory");
    let output = punctual(&project, "rider", "{}", NOWHERE, &own(&project, data.path())).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains(words), "{}", said(&output));
}

#[tokio::test]
async fn a_stack_that_answers_elsewhere_is_to_be_named() {
    let project = Project::new("", &[], "");
    let _running = project.start().await;
    let own = own(&project, &project.options.data_dir);
    let output = punctual(&project, "probe", "{}", NOWHERE, &own).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("--url"), "{}", said(&output));
    assert!(!said(&output).contains("--data-dir"), "{}", said(&output));
}

#[tokio::test]
async fn whatever_else_answers_is_not_taken_for_a_stack() {
    let project = Project::new("", &[], "");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let other = axum::Router::new().fallback(|| async { "{}" });
    tokio::spawn(async move { axum::serve(listener, other).await });
    let own = own(&project, &project.options.data_dir);
    let output = punctual(&project, "probe", r#"{"echo":"hello"}"#, &url, &own).await;
    assert!(output.status.success(), "{}", said(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains(r#""echo":"hello""#));
}

const QUEUE: &str = "
Work:
  Type: AWS::SQS::Queue
  Properties: {QueueName: work}";
const SOURCE: &str = "
Events:
  Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}";

async fn send(running: &Running) {
    let request = Bytes::from_static(br#"{"QueueUrl":"http://x/1/work","MessageBody":"waiting"}"#);
    let sent = running.sqs().handle("SendMessage", request).await;
    assert_eq!(sent.status(), 200);
}

#[tokio::test]
async fn a_stack_of_its_own_leaves_the_queues_alone_and_says_what_waits() {
    let folder = tempfile::tempdir().expect("temporary directory");
    let seen = folder.path().join("seen");
    let environment = [("PROBE_SEEN", seen.to_str().expect("UTF-8"))];
    let mut project = Project::new(SOURCE, &environment, QUEUE);
    project.options.triggers = false;
    let running = project.start().await;
    send(&running).await;
    running.stop(std::time::Duration::ZERO).await;

    let own = own(&project, &project.options.data_dir);
    let output = punctual(&project, "probe", r#"{"echo":"hello"}"#, NOWHERE, &own).await;
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("in work: 1 messages"), "{}", said(&output));
    assert_eq!(lines(&seen), [r#"{"echo":"hello"}"#]);
}
