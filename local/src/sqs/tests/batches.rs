//! What fits a call, and how refusals are answered.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{bodies, call, limits, open, open_with, queue, send};
use crate::faults::{FaultSettings, Faults};
use crate::sqs::ReceiveLimits;
use crate::template;

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
