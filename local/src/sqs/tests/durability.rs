//! What lies on disk: after a kill, a restart, a deleted queue.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::{bodies, call, killed, limits, open, queue, send};
use crate::template;

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_and_what_was_deleted_does_not_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    sqs.create_queue(&queue("q")).expect("a queue");
    for body in ["deleted", "in flight", "waiting"] {
        send(&sqs, body).await;
    }
    let received = sqs.receive("q", limits(2)).await;
    sqs.delete("q", &[received[0].receipt_handle.clone()]).await;

    let left = killed(folder.path());
    let after = open(left.path());
    // The queue is there without the template, and what was in flight is visible.
    let messages = after.receive("q", limits(10)).await;
    let got: Vec<_> = messages.iter().map(|m| m.body.as_str()).collect();
    assert_eq!(got, ["in flight", "waiting"]);
    assert_eq!(messages[0].message_id, received[1].message_id);
    assert_eq!(messages[0].attributes["ApproximateReceiveCount"], "2");
    assert_eq!(
        messages[0].attributes["ApproximateFirstReceiveTimestamp"],
        received[1].attributes["ApproximateFirstReceiveTimestamp"]
    );
    assert_eq!(messages[1].attributes["ApproximateReceiveCount"], "1");
}

#[tokio::test]
async fn a_message_that_outlived_its_retention_while_nothing_ran_is_gone() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    sqs.create_queue(&queue("q")).expect("a queue");
    send(&sqs, "x").await;
    drop(sqs);
    let sqs = open(folder.path());
    let brief = template::Queue {
        retention: Duration::ZERO,
        ..queue("q")
    };
    sqs.create_queue(&brief).expect("the same queue");
    assert!(bodies(&sqs, "q").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_poisonous_message_reaches_the_dead_letter_queue_even_across_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    let source = template::Queue {
        redrive: Some(template::Redrive {
            dead_letter_queue: "dead".to_owned(),
            max_receive_count: 3,
        }),
        ..queue("q")
    };
    // The template may name the dead-letter queue before it is created.
    sqs.create_queue(&source).expect("a queue");
    sqs.create_queue(&queue("dead")).expect("a queue");
    send(&sqs, "poison").await;
    let mut first = None;
    for _ in 0..2 {
        let received = sqs.receive("q", limits(1)).await;
        first.get_or_insert_with(|| received[0].clone());
        tokio::time::advance(Duration::from_secs(30)).await;
    }
    let first = first.expect("received");

    let left = killed(folder.path());
    let sqs = open(left.path());
    assert_eq!(bodies(&sqs, "q").await, ["poison"], "the third receive");
    tokio::time::advance(Duration::from_secs(30)).await;
    assert!(bodies(&sqs, "q").await.is_empty());
    assert_eq!(sqs.depth("q").expect("a queue").visible, 0);
    let dead = sqs.receive("dead", limits(1)).await;
    assert_eq!(dead[0].body, "poison");
    assert_eq!(dead[0].message_id, first.message_id);
    let attributes = &dead[0].attributes;
    assert_eq!(attributes["SentTimestamp"], first.attributes["SentTimestamp"]);
    // Counted across all queues, as the service documents it.
    assert_eq!(attributes["ApproximateReceiveCount"], "4");
    assert_eq!(
        attributes["DeadLetterQueueSourceArn"],
        "arn:aws:sqs:us-east-1:000000000000:q"
    );
}

#[tokio::test]
async fn a_receipt_from_before_a_restart_deletes_its_own_message_or_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    sqs.create_queue(&queue("q")).expect("a queue");
    send(&sqs, "a").await;
    send(&sqs, "b").await;
    let handles: Vec<_> = sqs.receive("q", limits(2)).await;
    let [a, b] = [0, 1].map(|n| vec![handles[n].receipt_handle.clone()]);
    sqs.delete("q", &b).await;
    drop(sqs);
    let sqs = open(folder.path());
    send(&sqs, "c").await;
    assert_eq!(sqs.receive("q", limits(2)).await.len(), 2);
    // "a" was received again, "b" is gone: neither receipt means anything.
    sqs.delete("q", &[a, b].concat()).await;
    drop(sqs);
    assert_eq!(bodies(&open(folder.path()), "q").await, ["a", "c"]);
}

#[tokio::test]
async fn a_deleted_queue_leaves_nothing_for_its_successor() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    sqs.create_queue(&queue("q")).expect("a queue");
    send(&sqs, "old").await;
    let handle = sqs.receive("q", limits(1)).await.remove(0).receipt_handle;
    let (status, _) = call(&sqs, "DeleteQueue", json!({})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(sqs.depth("q"), None);
    sqs.create_queue(&queue("q")).expect("a queue");
    send(&sqs, "new").await;
    let request = json!({ "ReceiptHandle": handle });
    let (_, answer) = call(&sqs, "DeleteMessage", request).await;
    assert_eq!(answer["__type"], "com.amazonaws.sqs#ReceiptHandleIsInvalid");
    drop(sqs);
    assert_eq!(bodies(&open(folder.path()), "q").await, ["new"]);
}
