//! When a message is visible, and how long a call waits.

use std::time::Duration;

use serde_json::json;

use super::{bodies, call, limits, open, open_with, queue, send};
use crate::faults::{FaultSettings, Faults};
use crate::sqs::{Depth, ReceiveLimits};
use crate::template;

#[tokio::test(start_paused = true)]
async fn a_message_is_hidden_for_exactly_the_visibility_timeout() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    sqs.create_queue(&queue("q")).expect("a queue");
    send(&sqs, "x").await;
    assert_eq!(bodies(&sqs, "q").await, ["x"]);
    tokio::time::advance(Duration::from_millis(29_999)).await;
    assert_eq!(sqs.depth("q").expect("a queue").in_flight, 1);
    assert!(bodies(&sqs, "q").await.is_empty());
    tokio::time::advance(Duration::from_millis(1)).await;
    assert_eq!(bodies(&sqs, "q").await, ["x"]);
}

#[tokio::test(start_paused = true)]
async fn a_long_poll_wakes_when_a_message_is_released() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    sqs.create_queue(&queue("q")).expect("a queue");
    send(&sqs, "x").await;
    assert_eq!(bodies(&sqs, "q").await, ["x"]);
    let began = tokio::time::Instant::now();
    let wait = ReceiveLimits {
        wait: Duration::from_secs(60),
        ..limits(1)
    };
    assert_eq!(sqs.receive("q", wait).await.len(), 1);
    assert_eq!(began.elapsed().as_secs(), 30);
    // Nothing left: the wait is kept to the end.
    let wait = ReceiveLimits {
        wait: Duration::from_secs(20),
        ..limits(1)
    };
    let began = tokio::time::Instant::now();
    assert!(sqs.receive("q", wait).await.is_empty());
    assert_eq!(began.elapsed().as_secs(), 20);
}

#[tokio::test(start_paused = true)]
async fn delayed_messages_wait_and_expired_ones_are_gone_from_disk_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    sqs.create_queue(&queue("q")).expect("a queue");
    let delayed = json!({ "MessageBody": "later", "DelaySeconds": 900 });
    call(&sqs, "SendMessage", delayed).await;
    send(&sqs, "now").await;
    assert_eq!(sqs.depth("q").expect("a queue").delayed, 1);
    assert_eq!(bodies(&sqs, "q").await, ["now"]);
    tokio::time::advance(Duration::from_secs(900)).await;
    assert_eq!(bodies(&sqs, "q").await.len(), 2);
    tokio::time::advance(Duration::from_secs(2_700)).await;
    assert!(bodies(&sqs, "q").await.is_empty());
    assert_eq!(sqs.depth("q").expect("a queue"), Depth::default());
    // The next deletion, of whatever, takes the expired along.
    sqs.delete("q", &[]).await;
    drop(sqs);
    assert!(bodies(&open(folder.path()), "q").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_templates_delay_and_wait_are_the_queues_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    let slow = template::Queue {
        delay: Duration::from_secs(15),
        receive_wait: Duration::from_secs(20),
        ..queue("q")
    };
    sqs.create_queue(&slow).expect("a queue");
    send(&sqs, "x").await;
    assert_eq!(sqs.depth("q").expect("a queue").delayed, 1);
    let began = tokio::time::Instant::now();
    let (_, answer) = call(&sqs, "ReceiveMessage", json!({})).await;
    assert_eq!(answer["Messages"][0]["Body"], "x");
    assert_eq!(began.elapsed().as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn every_answer_waits_for_the_service_latency() {
    let folder = tempfile::tempdir().expect("a folder");
    let slow = FaultSettings {
        service_latency_ms: 700,
        ..FaultSettings::default()
    };
    let sqs = open_with(folder.path(), Faults::new(slow));
    sqs.create_queue(&queue("q")).expect("a queue");
    let began = tokio::time::Instant::now();
    send(&sqs, "x").await;
    assert_eq!(began.elapsed().as_millis(), 700);
}
