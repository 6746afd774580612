//! Queues behind functions: batches, redelivery, partial failures, draining.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use local::stack::{Leftover, Running};
use serde_json::{Value, json};

use crate::support::{Gate, Project, Started, invoke, json as parse, lines, until, until_busy};

const LIMIT: Duration = Duration::from_secs(20);
const ALL_FAILED: &str = r#"{"batchItemFailures":[{"itemIdentifier":""}]}"#;

/// A queue `Work` behind the probe, which notes what it gets in `seen`. Nothing
/// comes back by itself: tests do not wait for a visibility time-out.
struct Source<'a> {
    seen: &'a Path,
    properties: &'a str,
    environment: &'a [(&'a str, &'a str)],
    window_seconds: u32,
    max_receives: u32,
}

impl<'a> Source<'a> {
    fn new(seen: &'a Path, environment: &'a [(&'a str, &'a str)]) -> Self {
        Self {
            seen,
            properties: "Timeout: 20",
            environment,
            window_seconds: 1,
            max_receives: 3,
        }
    }

    fn project(&self) -> Project {
        let Self {
            properties,
            window_seconds,
            max_receives,
            ..
        } = self;
        let properties = format!(
            "{properties}
Events:
  Work:
    Type: SQS
    Properties:
      Queue: !GetAtt Work.Arn
      BatchSize: 10
      MaximumBatchingWindowInSeconds: {window_seconds}
      FunctionResponseTypes: [ReportBatchItemFailures]"
        );
        let resources = format!(
            "Work:\n  Type: AWS::SQS::Queue\n  Properties:\n    QueueName: work\n    VisibilityTimeout: 600\n    RedrivePolicy:\n      deadLetterTargetArn: !GetAtt Dead.Arn\n      maxReceiveCount: {max_receives}\nDead:\n  Type: AWS::SQS::Queue\n  Properties:\n    QueueName: dead\n"
        );
        let seen = self.seen.display().to_string();
        let environment = [self.environment, &[("PROBE_SEEN", seen.as_str())]].concat();
        Project::new(&properties, &environment, &resources)
    }

    async fn start(&self) -> Started {
        self.project().start().await
    }
}

/// Gives the messages of the last event out again, once its invocation, the
/// `count`th, has ended.
async fn give_out_again(running: &Running, seen: &Path, count: u64) {
    until("the invocation has ended", || async {
        running.lambda().status()[0].invocations == count
    })
    .await;
    let event = parse(lines(seen).last().expect("an event").as_bytes());
    let records = event["Records"].as_array().expect("records").iter();
    let receipts = records.filter_map(|record| record["receiptHandle"].as_str().map(str::to_owned));
    let receipts: Vec<String> = receipts.collect();
    running
        .sqs()
        .change_visibility("work", &receipts, Duration::ZERO)
        .await;
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
    let running = Source::new(&seen, &[("PROBE_ANSWER", "null")]).start().await;
    send(&running, &["a", "b"]).await;
    send(&running, &["c"]).await;
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    assert_eq!(batches(&seen), [["a", "b", "c"]]);
    assert_eq!(running.sqs().redelivered("work"), 0);
}

#[tokio::test]
async fn a_message_whose_function_crashed_is_delivered_again() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    std::fs::write(notes.path().join("seen.crash"), "").expect("file");
    let running = Source::new(&seen, &[("PROBE_ANSWER", "null")]).start().await;
    send(&running, &["once"]).await;
    give_out_again(&running, &seen, 1).await;
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    assert_eq!(batches(&seen), [["once"], ["once"]]);
    let status = &running.lambda().status()[0];
    assert_eq!((status.invocations, status.errors, status.kills), (2, 1, 0));
    assert_eq!(running.sqs().redelivered("work"), 1);
}

#[tokio::test]
async fn only_the_reported_messages_come_again() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let running = Source::new(&seen, &[("PROBE_FAIL_ONCE", "1")]).start().await;
    send(&running, &["good", "bad", "fine"]).await;
    until("what was handled is deleted", || async {
        messages(&running, "work") == 1
    })
    .await;
    give_out_again(&running, &seen, 1).await;
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    assert_eq!(batches(&seen), [vec!["good", "bad", "fine"], vec!["bad"]]);
}

#[tokio::test]
async fn a_stop_sits_out_neither_a_visibility_time_out_nor_a_window() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let environment = [("PROBE_FAIL_ONCE", "1")];
    let source = Source {
        window_seconds: 300,
        ..Source::new(&seen, &environment)
    };
    let running = source.start().await;
    send(&running, &["bad"]).await;
    assert_eq!(running.stop(LIMIT).await, []);
    assert_eq!(batches(&seen), [["bad"], ["bad"]]);
}

#[tokio::test]
async fn a_stop_during_an_outage_leaves_the_next_start_its_tries() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let environment = [("PROBE_ANSWER", ALL_FAILED)];
    for (max_receives, tries) in [(10, 3), (3, 2)] {
        let source = Source {
            max_receives,
            ..Source::new(&seen, &environment)
        };
        let running = source.start().await;
        send(&running, &["later"]).await;
        until("the message failed once", || async { lines(&seen).len() == 1 }).await;
        let left = running.stop(LIMIT).await;
        assert_eq!(
            left,
            [Leftover {
                queue: "work".to_owned(),
                messages: 1
            }]
        );
        assert_eq!(lines(&seen).len(), tries, "of {max_receives}");
        std::fs::remove_file(&seen).expect("removed");
    }
}

#[tokio::test]
async fn what_always_fails_ends_in_the_dead_letter_queue_and_stays_on_disk() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let environment = [("PROBE_ANSWER", ALL_FAILED)];
    let project = Source::new(&seen, &environment).project();
    let running = project.start().await;
    send(&running, &["poison"]).await;
    for count in 1..=3 {
        give_out_again(&running, &seen, count).await;
    }
    until("it is given up", || async { messages(&running, "dead") == 1 }).await;
    assert_eq!(lines(&seen).len(), 3, "maxReceiveCount is 3");
    let left = running.stop(LIMIT).await;
    assert_eq!(
        left,
        [Leftover {
            queue: "dead".to_owned(),
            messages: 1
        }]
    );
    // The last connections of the stopped stack close in their own time.
    until("the store is free", || async {
        let again = project.try_start().await;
        again.is_ok_and(|again| messages(&again, "dead") == 1)
    })
    .await;
}

#[tokio::test]
async fn a_throttled_batch_waits_for_its_turn_and_is_received_once() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let source = Source {
        properties: "Timeout: 20\nReservedConcurrentExecutions: 1",
        ..Source::new(&seen, &[("PROBE_ANSWER", "null")])
    };
    let running = source.start().await;
    let gate = Gate::new();
    let event = gate.event();
    let busy = invoke(&running, &event);
    let queued = async {
        until_busy(&running, 1).await;
        send(&running, &["patient"]).await;
        until("the batch was throttled", || async {
            running.lambda().status()[0].throttles > 0
        })
        .await;
        gate.open();
    };
    tokio::join!(busy, queued);
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    let events = lines(&seen);
    let event = parse(events.last().expect("delivered").as_bytes());
    let attributes = &event["Records"][0]["attributes"];
    assert_eq!(attributes["ApproximateReceiveCount"], "1");
}

#[tokio::test]
async fn without_reported_failures_an_answer_means_the_whole_batch() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let environment = [
        ("PROBE_SEEN", seen.to_str().expect("UTF-8")),
        ("PROBE_ANSWER", ALL_FAILED),
    ];
    let source = "Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Work.Arn}}}";
    let queue = "Work: {Type: AWS::SQS::Queue, Properties: {QueueName: work}}";
    let running = Project::new(source, &environment, queue).start().await;
    send(&running, &["deaf ears"]).await;
    until("the queue is empty", || async { messages(&running, "work") == 0 }).await;
    assert_eq!(batches(&seen), [["deaf ears"]]);
}
