//! The promises of [`super::Firehose`]: what is answered 200 is in a file, whole
//! lines only, in order.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{Firehose, FirehoseSettings};
use crate::faults::{FaultSettings, Faults};
use crate::template::DeliveryStream;

fn stream(bytes: u64, seconds: u64) -> DeliveryStream {
    DeliveryStream {
        name: "traces".to_owned(),
        buffer_bytes: bytes,
        buffer_interval: Duration::from_secs(seconds),
    }
}

fn open(folder: &Path, faults: Faults) -> Firehose {
    let settings = FirehoseSettings {
        account_id: "123456789012".to_owned(),
        region: "eu-central-1".to_owned(),
    };
    let firehose = Firehose::open(folder, settings, faults).expect("a writable folder");
    firehose
        .create_stream(&stream(1_024 * 1_024, 60))
        .expect("a stream");
    firehose
}

async fn put(firehose: &Firehose, records: &[String]) -> (StatusCode, Value) {
    let encode = |record: &String| json!({ "Data": STANDARD.encode(record) });
    let records: Vec<_> = records.iter().map(encode).collect();
    let request = json!({ "DeliveryStreamName": "traces", "Records": records });
    let body = Bytes::from(request.to_string());
    let response = firehose.handle("PutRecordBatch", body).await;
    let answer = serde_json::from_slice(response.body()).expect("JSON");
    (response.status(), answer)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn content(folder: &Path) -> String {
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("text");
    files(folder).iter().map(read).collect()
}

fn lines(range: std::ops::Range<usize>) -> Vec<String> {
    range.map(|n| format!("{{\"n\":{n}}}\n")).collect()
}

#[tokio::test]
async fn an_arn_has_the_stacks_region_and_account() {
    let folder = tempfile::tempdir().expect("a folder");
    let firehose = open(folder.path(), Faults::default());
    let request = Bytes::from_static(br#"{"DeliveryStreamName":"traces"}"#);
    let response = firehose.handle("DescribeDeliveryStream", request).await;
    let answer: Value = serde_json::from_slice(response.body()).expect("JSON");
    assert_eq!(
        answer["DeliveryStreamDescription"]["DeliveryStreamARN"],
        "arn:aws:firehose:eu-central-1:123456789012:deliverystream/traces"
    );
}

#[tokio::test(start_paused = true)]
async fn every_answer_waits_for_the_service_latency() {
    let folder = tempfile::tempdir().expect("a folder");
    let slow = FaultSettings {
        service_latency_ms: 700,
        ..FaultSettings::default()
    };
    let firehose = open(folder.path(), Faults::new(slow));
    let began = tokio::time::Instant::now();
    put(&firehose, &lines(0..1)).await;
    assert_eq!(began.elapsed().as_millis(), 700);
}

#[tokio::test]
async fn records_are_in_the_file_before_the_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let firehose = open(folder.path(), Faults::default());
    let (status, answer) = put(&firehose, &lines(0..3)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["FailedPutCount"], 0);
    assert_eq!(answer["Encrypted"], false);
    assert_eq!(content(folder.path()), lines(0..3).concat());
    let path = files(folder.path()).remove(0);
    let relative = path.strip_prefix(folder.path()).expect("below");
    let parts: Vec<_> = relative.iter().map(|p| p.to_string_lossy()).collect();
    assert_eq!(parts.len(), 6, "{relative:?}");
    assert_eq!(parts[0], "traces");
    assert!(parts[5].starts_with("traces-1-") && parts[5].ends_with(".ndjson"));
    let stats = firehose.stats()["traces"];
    assert_eq!((stats.calls, stats.records, stats.bytes), (1, 3, 24));
    assert_eq!(stats.billed_5kb_units, 3);
}

#[tokio::test]
async fn a_record_without_a_newline_gets_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let firehose = open(folder.path(), Faults::default());
    put(&firehose, &["a".to_owned(), "b\nc".to_owned()]).await;
    assert_eq!(content(folder.path()), "a\nb\nc\n");
}

#[tokio::test]
async fn concurrent_calls_do_not_mix() {
    let folder = tempfile::tempdir().expect("a folder");
    let firehose = open(folder.path(), Faults::default());
    let calls = (0..32).map(|call| {
        let firehose = firehose.clone();
        let records: Vec<_> = (0..50).map(|n| format!("{call} {n}\n")).collect();
        async move { put(&firehose, &records).await }
    });
    for (status, _) in futures::future::join_all(calls).await {
        assert_eq!(status, StatusCode::OK);
    }
    let content = content(folder.path());
    let all: Vec<&str> = content.lines().collect();
    assert_eq!(all.len(), 32 * 50);
    for call in all.chunks(50) {
        let number = call[0].split(' ').next().expect("a number");
        let expected: Vec<_> = (0..50).map(|n| format!("{number} {n}")).collect();
        assert_eq!(call, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn the_hints_decide_when_a_file_is_full() {
    let folder = tempfile::tempdir().expect("a folder");
    let firehose = open(folder.path(), Faults::default());
    firehose.create_stream(&stream(16, 60)).expect("new hints");
    put(&firehose, &lines(0..1)).await;
    put(&firehose, &lines(1..2)).await;
    assert_eq!(files(folder.path()).len(), 1, "16 bytes fill it");
    put(&firehose, &lines(2..3)).await;
    assert_eq!(files(folder.path()).len(), 2);
    tokio::time::advance(Duration::from_secs(60)).await;
    put(&firehose, &lines(3..4)).await;
    assert_eq!(files(folder.path()).len(), 3);
}

#[tokio::test]
async fn failed_records_are_answered_in_their_place_and_not_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    let faults = Faults::new(FaultSettings {
        firehose_failed_records: 0.5,
        ..FaultSettings::default()
    });
    let firehose = open(folder.path(), faults.clone());
    let records = lines(0..200);
    let (status, answer) = put(&firehose, &records).await;
    assert_eq!(status, StatusCode::OK);
    let answers = answer["RequestResponses"].as_array().expect("a list");
    assert_eq!(answers.len(), 200);
    let mut stored = String::new();
    let mut failed = 0;
    for (record, answer) in records.iter().zip(answers) {
        if answer["RecordId"].is_string() {
            assert!(answer.get("ErrorCode").is_none());
            stored.push_str(record);
        } else {
            assert_eq!(answer["ErrorCode"], "ServiceUnavailableException");
            assert!(answer["ErrorMessage"].is_string());
            failed += 1;
        }
    }
    assert!(failed > 0 && !stored.is_empty());
    assert_eq!(answer["FailedPutCount"], failed);
    assert_eq!(content(folder.path()), stored);

    let throttled = FaultSettings {
        firehose_throttled_calls: 1.0,
        ..FaultSettings::default()
    };
    faults.set(throttled).expect("a share");
    let (status, answer) = put(&firehose, &records).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer["__type"], "ServiceUnavailableException");
    assert_eq!(content(folder.path()), stored);
    let stats = firehose.stats()["traces"];
    assert_eq!((stats.calls, stats.throttled_calls), (1, 1));
    assert_eq!(stats.failed_records, failed);
}

#[tokio::test]
async fn a_bad_call_stores_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let firehose = open(folder.path(), Faults::default());
    let call = |action: &'static str, request: Value| {
        let body = Bytes::from(request.to_string());
        let firehose = &firehose;
        async move {
            let response = firehose.handle(action, body).await;
            let answer: Value = serde_json::from_slice(response.body()).expect("JSON");
            (response.status(), answer["__type"].clone())
        }
    };
    let records = |data: &str| json!([{ "Data": "e30K" }, { "Data": data }]);
    for (stream, records, expected) in [
        ("traces", json!([]), "ValidationException"),
        ("traces", records("not base64!"), "SerializationException"),
        ("none", records("e30K"), "ResourceNotFoundException"),
    ] {
        let request = json!({ "DeliveryStreamName": stream, "Records": records });
        let answer = call("PutRecordBatch", request).await;
        assert_eq!(answer, (StatusCode::BAD_REQUEST, json!(expected)));
    }
    let (_, name) = call("TagDeliveryStream", json!({})).await;
    assert_eq!(name, "UnknownOperationException");
    let request = json!({ "DeliveryStreamName": "../x", "ExtendedS3DestinationConfiguration": {} });
    let (_, name) = call("CreateDeliveryStream", request).await;
    assert_eq!(name, "ValidationException");
    assert!(files(folder.path()).is_empty());
}

#[tokio::test]
async fn a_torn_tail_is_cut_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let firehose = open(folder.path(), Faults::default());
    put(&firehose, &lines(0..3)).await;
    drop(firehose);
    let path = files(folder.path()).remove(0);
    let whole = std::fs::read(&path).expect("bytes");
    let long = vec![b'x'; 200_000];
    for torn in [&b""[..], b"{\"n\":", &long] {
        std::fs::write(&path, [&whole, torn].concat()).expect("written");
        let firehose = open(folder.path(), Faults::default());
        assert_eq!(std::fs::read(&path).expect("bytes"), whole);
        drop(firehose);
    }
    // A file without a single whole line is left empty.
    std::fs::write(&path, &long).expect("written");
    open(folder.path(), Faults::default());
    assert_eq!(std::fs::read(&path).expect("bytes"), b"");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_unavailable_and_then_recovers() {
    let folder = tempfile::tempdir().expect("a folder");
    let firehose = open(folder.path(), Faults::default());
    // A file stands where the stream's folder should go.
    std::fs::write(folder.path().join("traces"), b"").expect("written");
    let (status, answer) = put(&firehose, &lines(0..1)).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer["__type"], "ServiceUnavailableException");
    std::fs::remove_file(folder.path().join("traces")).expect("removed");
    let (status, _) = put(&firehose, &lines(0..1)).await;
    assert_eq!(status, StatusCode::OK);
    // And when somebody clears the folder under it.
    std::fs::remove_dir_all(folder.path().join("traces")).expect("removed");
    put(&firehose, &lines(1..2)).await;
    assert_eq!(content(folder.path()), lines(1..2).concat());
}
