//! The promises of [`super::Sqs`] as a whole: nothing acknowledged is lost,
//! nothing is received twice before its time.

mod figures;
mod model;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{ReceiveLimits, Sqs, SqsSettings};
use crate::faults::{FaultSettings, Faults};
use crate::template;

fn open(folder: &Path) -> Sqs {
    open_with(folder, Faults::default())
}

fn open_with(folder: &Path, faults: Faults) -> Sqs {
    let settings = SqsSettings {
        endpoint: "http://127.0.0.1:3000".to_owned(),
        account_id: "000000000000".to_owned(),
        region: "us-east-1".to_owned(),
    };
    Sqs::open(folder, settings, faults).expect("a writable folder")
}

fn queue(name: &str) -> template::Queue {
    template::Queue {
        name: name.to_owned(),
        visibility_timeout: Duration::from_secs(30),
        retention: Duration::from_secs(3_600),
        max_message_bytes: 1_048_576,
        delay: Duration::ZERO,
        receive_wait: Duration::ZERO,
        redrive: None,
    }
}

fn limits(max_messages: usize) -> ReceiveLimits {
    ReceiveLimits {
        max_messages,
        max_bytes: 6_000_000,
        wait: Duration::ZERO,
    }
}

/// A call's status and answer.
async fn call(sqs: &Sqs, action: &str, mut request: Value) -> (StatusCode, Value) {
    if request.get("QueueUrl").is_none() {
        request["QueueUrl"] = json!("http://127.0.0.1:3000/000000000000/q");
    }
    let response = sqs.handle(action, Bytes::from(request.to_string())).await;
    let body = serde_json::from_slice(response.body()).expect("JSON");
    (response.status(), body)
}

async fn send(sqs: &Sqs, body: &str) {
    let (status, answer) = call(sqs, "SendMessage", json!({ "MessageBody": body })).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

async fn bodies(sqs: &Sqs, name: &str) -> Vec<String> {
    let messages = sqs.receive(name, limits(10_000)).await;
    messages.into_iter().map(|message| message.body).collect()
}

/// What a kill leaves: the files as the operating system has them now, while
/// the process still holds them open.
fn killed(folder: &Path) -> tempfile::TempDir {
    let copied = tempfile::tempdir().expect("a folder");
    copy(folder, copied.path()).expect("a readable folder");
    copied
}

/// Leaves holes where there are holes: fjall reserves 64 MiB for its journal.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir_all(&to)?;
            copy(&entry.path(), &to)?;
            continue;
        }
        let bytes = std::fs::read(entry.path())?;
        let blank = [0; 4_096];
        let used = |block: &&[u8]| **block != blank[..block.len()];
        let tail = bytes.rchunks(4_096).take_while(|block| !used(block));
        let written = bytes.len() - tail.map(<[u8]>::len).sum::<usize>();
        let mut file = std::fs::File::create(to)?;
        file.write_all(&bytes[..written])?;
        file.set_len(bytes.len() as u64)?;
    }
    Ok(())
}

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
    assert_eq!(sqs.depth("q").expect("a queue"), super::Depth::default());
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
async fn a_poll_keeps_to_its_bytes_and_still_hands_out_a_giant() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    sqs.create_queue(&queue("q")).expect("a queue");
    for _ in 0..3 {
        send(&sqs, &"\n".repeat(100_000)).await;
    }
    let poll = |max_bytes| {
        let limits = ReceiveLimits {
            max_bytes,
            ..limits(10)
        };
        sqs.receive("q", limits)
    };
    // As JSON each is 200,000 bytes and about 1 KiB around it.
    assert_eq!(poll(500_000).await.len(), 2);
    assert_eq!(poll(1_000).await.len(), 1);
}

#[tokio::test]
async fn refused_entries_are_not_stored_and_the_others_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let faults = Faults::new(FaultSettings {
        sqs_refused_entries: 0.5,
        ..FaultSettings::default()
    });
    let sqs = open_with(folder.path(), faults.clone());
    sqs.create_queue(&queue("q")).expect("a queue");
    let (mut accepted, mut refused) = (Vec::new(), 0);
    for round in 0..20 {
        let entries: Vec<_> = (0..10)
            .map(|n| json!({ "Id": n.to_string(), "MessageBody": format!("{round}-{n}") }))
            .collect();
        let (_, answer) = call(&sqs, "SendMessageBatch", json!({ "Entries": entries })).await;
        for done in answer["Successful"].as_array().into_iter().flatten() {
            accepted.push(format!("{round}-{}", done["Id"].as_str().expect("an id")));
        }
        for failed in answer["Failed"].as_array().into_iter().flatten() {
            assert_eq!(failed["Code"], "InternalError");
            assert_eq!(failed["SenderFault"], false);
            refused += 1;
        }
    }
    assert!(refused > 0 && !accepted.is_empty());
    assert_eq!(accepted.len() + refused, 200);
    assert_eq!(bodies(&sqs, "q").await, accepted);

    let failing = FaultSettings {
        sqs_failed_calls: 1.0,
        ..FaultSettings::default()
    };
    faults.set(failing).expect("a share");
    let (status, answer) = call(&sqs, "SendMessage", json!({ "MessageBody": "x" })).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    assert!(bodies(&sqs, "q").await.is_empty());
}

#[tokio::test]
async fn one_bad_entry_does_not_cost_its_neighbours() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    let small = template::Queue {
        max_message_bytes: 1_024,
        ..queue("q")
    };
    sqs.create_queue(&small).expect("a queue");
    let entries = json!([
        { "Id": "good", "MessageBody": "x" },
        { "Id": "null-byte", "MessageBody": "a\u{0}b" },
        { "Id": "empty", "MessageBody": "" },
        { "Id": "large", "MessageBody": "x".repeat(1_025) },
        { "Id": "late", "MessageBody": "x", "DelaySeconds": 901 },
        { "Id": "fits", "MessageBody": "x".repeat(1_024) },
    ]);
    let (status, answer) = call(&sqs, "SendMessageBatch", json!({ "Entries": entries })).await;
    assert_eq!(status, StatusCode::OK);
    let pairs = |list: &str, field: &str| -> Vec<(String, String)> {
        let entries = answer[list].as_array().expect("a list");
        entries
            .iter()
            .map(|entry| (entry["Id"].to_string(), entry[field].to_string()))
            .collect()
    };
    let ids: Vec<_> = pairs("Successful", "Id").into_iter().map(|p| p.0).collect();
    assert_eq!(ids, ["\"good\"", "\"fits\""]);
    let quoted = |id: &str, code: &str| (format!("\"{id}\""), format!("\"{code}\""));
    assert_eq!(
        pairs("Failed", "Code"),
        [
            quoted("null-byte", "InvalidMessageContents"),
            quoted("empty", "MissingParameter"),
            quoted("large", "InvalidParameterValue"),
            quoted("late", "InvalidParameterValue"),
        ]
    );
}

#[tokio::test]
async fn errors_look_as_the_sdks_expect() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    let request = Bytes::from_static(br#"{"QueueUrl":"http://x/1/none","MessageBody":"x"}"#);
    let response = sqs.handle("SendMessage", request).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        response.headers()["x-amzn-query-error"],
        "AWS.SimpleQueueService.NonExistentQueue;Sender"
    );
    let body: Value = serde_json::from_slice(response.body()).expect("JSON");
    assert_eq!(body["__type"], "com.amazonaws.sqs#QueueDoesNotExist");
    for (action, request) in [("TagQueue", "{}"), ("SendMessage", "not JSON")] {
        let response = sqs.handle(action, Bytes::from(request)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{action}");
    }
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
