//! Queues behind functions: batches, redelivery, partial failures, draining.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use local::stack::Running;
use serde_json::{Value, json};

use crate::support::{Project, invoke, json as parse, lines, until, until_busy};

const LIMIT: Duration = Duration::from_secs(20);

/// A queue `Work` behind the probe, which notes what it gets in `seen`.
fn project(seen: &Path, visibility_seconds: u32, environment: &[(&str, &str)]) -> Project {
    project_with("Timeout: 2", seen, visibility_seconds, environment)
}

fn project_with(
    properties: &str,
    seen: &Path,
    visibility_seconds: u32,
    environment: &[(&str, &str)],
) -> Project {
    let events = "
Events:
  Work:
    Type: SQS
    Properties:
      Queue: !GetAtt Work.Arn
      BatchSize: 10
      MaximumBatchingWindowInSeconds: 1
      FunctionResponseTypes: [ReportBatchItemFailures]";
    let resources = format!(
        "Work:\n  Type: AWS::SQS::Queue\n  Properties:\n    QueueName: work\n    VisibilityTimeout: {visibility_seconds}\n    RedrivePolicy:\n      deadLetterTargetArn: !GetAtt Dead.Arn\n      maxReceiveCount: 3\nDead:\n  Type: AWS::SQS::Queue\n  Properties:\n    QueueName: dead\n"
    );
    let seen = seen.display().to_string();
    let environment = [environment, &[("PROBE_SEEN", seen.as_str())]].concat();
    let properties = format!("{properties}{events}");
    Project::new(&properties, &environment, &resources)
}

async fn send(running: &Running, bodies: &[&str]) {
    let entries: Vec<Value> = bodies
        .iter()
        .enumerate()
        .map(|(id, body)| json!({ "Id": id.to_string(), "MessageBody": body }))
        .collect();
    let url = format!("{}/000000000000/work", running.url());
    let request = json!({ "QueueUrl": url, "Entries": entries }).to_string();
    let response = running
        .sqs()
        .handle("SendMessageBatch", Bytes::from(request))
        .await;
    assert_eq!(response.status(), 200, "{:?}", response.body());
    assert_eq!(
        parse(response.body())["Successful"].as_array().map(Vec::len),
        Some(bodies.len())
    );
}

fn messages(running: &Running, queue: &str) -> usize {
    let depth = running.sqs().depth(queue).expect("a queue");
    depth.visible + depth.in_flight + depth.delayed
}

/// The bodies of each event, in order.
fn batches(seen: &Path) -> Vec<Vec<String>> {
    let events = lines(seen);
    let bodies = |line: &String| {
        let event = parse(line.as_bytes());
        let records = event["Records"].as_array().cloned().unwrap_or_default();
        records
            .iter()
            .map(|record| record["body"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    events.iter().map(bodies).collect()
}

#[tokio::test]
async fn a_batch_is_gathered_invoked_once_and_deleted() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let running = project(&seen, 30, &[("PROBE_ANSWER", "null")]).start().await;
    send(&running, &["a", "b"]).await;
    send(&running, &["c"]).await;
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    assert_eq!(batches(&seen), [["a", "b", "c"]]);
}

#[tokio::test]
async fn a_message_whose_function_crashed_is_delivered_again() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    std::fs::write(notes.path().join("seen.crash"), "").expect("file");
    let running = project(&seen, 2, &[("PROBE_ANSWER", "null")]).start().await;
    send(&running, &["once"]).await;
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    assert_eq!(batches(&seen), [["once"], ["once"]]);
    let status = &running.lambda().status()[0];
    assert_eq!((status.invocations, status.errors), (2, 1));
}

#[tokio::test]
async fn only_the_reported_messages_come_again() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let running = project(&seen, 2, &[("PROBE_FAIL_ONCE", "1")]).start().await;
    send(&running, &["good", "bad", "fine"]).await;
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    assert_eq!(batches(&seen), [vec!["good", "bad", "fine"], vec!["bad"]]);
}

#[tokio::test]
async fn without_reported_failures_an_answer_means_the_whole_batch() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let environment = [
        ("PROBE_SEEN", seen.to_str().expect("UTF-8")),
        ("PROBE_ANSWER", r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#),
    ];
    let source = "Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}";
    let queue = "Work: {Type: AWS::SQS::Queue, Properties: {QueueName: work}}";
    let running = Project::new(source, &environment, queue).start().await;
    send(&running, &["deaf ears"]).await;
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    assert_eq!(batches(&seen), [["deaf ears"]]);
}

#[tokio::test]
async fn a_stop_does_not_sit_out_the_visibility_time_out() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let running = project(&seen, 600, &[("PROBE_FAIL_ONCE", "1")]).start().await;
    send(&running, &["bad"]).await;
    until("the message failed once", || async { lines(&seen).len() == 1 }).await;
    assert_eq!(running.stop(LIMIT).await, []);
    assert_eq!(batches(&seen), [["bad"], ["bad"]]);
}

#[tokio::test]
async fn what_always_fails_ends_in_the_dead_letter_queue_and_stays_on_disk() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let project = project(
        &seen,
        600,
        &[("PROBE_ANSWER", r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#)],
    );
    let running = project.start().await;
    send(&running, &["poison"]).await;
    until("the message failed once", || async { lines(&seen).len() == 1 }).await;
    let left = running.stop(LIMIT).await;
    assert_eq!(lines(&seen).len(), 3, "maxReceiveCount is 3");
    let left: Vec<_> = left
        .iter()
        .map(|left| (left.queue.as_str(), left.messages))
        .collect();
    assert_eq!(left, [("dead", 1)]);
    // The last connections of the stopped stack close in their own time.
    until("the store is free", || async {
        project
            .try_start()
            .await
            .is_ok_and(|again| messages(&again, "dead") == 1)
    })
    .await;
}

#[tokio::test]
async fn a_throttled_batch_waits_for_its_turn_and_is_received_once() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let properties = "Timeout: 20\nReservedConcurrentExecutions: 1";
    let answer = [("PROBE_ANSWER", "null")];
    let running = project_with(properties, &seen, 600, &answer).start().await;
    let busy = invoke(&running, r#"{"sleep_ms":2000}"#);
    let queued = async {
        until_busy(&running, 1).await;
        send(&running, &["patient"]).await;
        until("the batch was throttled", || async {
            running.lambda().status()[0].throttles > 0
        })
        .await;
    };
    tokio::join!(busy, queued);
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    let events = lines(&seen);
    let event = parse(events.last().expect("delivered").as_bytes());
    let attributes = &event["Records"][0]["attributes"];
    assert_eq!(attributes["ApproximateReceiveCount"], "1");
}
