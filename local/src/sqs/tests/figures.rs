//! Throughput, disk space and start time, measured.

use std::path::Path;
use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::{call, limits, open, queue};

/// Figures, not a test: `cargo test -p local --release -- --ignored --nocapture throughput`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; takes a minute"]
async fn throughput_and_disk_space_of_a_gigabyte() {
    fn disk(folder: &Path) -> u64 {
        use std::os::unix::fs::MetadataExt;
        std::fs::read_dir(folder)
            .expect("a folder")
            .filter_map(Result::ok)
            .map(|entry| {
                let metadata = entry.metadata().expect("metadata");
                if metadata.is_dir() {
                    disk(&entry.path())
                } else {
                    metadata.blocks() * 512
                }
            })
            .sum()
    }
    let mb = |bytes: u64| bytes / 1_000_000;
    let folder = tempfile::tempdir().expect("a folder");
    let sqs = open(folder.path());
    for (name, body_bytes, backlog) in [
        ("q", 1_000, 1_000),
        ("q", 1_000, 200_000),
        ("q", 100_000, 2_000),
    ] {
        sqs.create_queue(&queue(name)).expect("a queue");
        let body = "x".repeat(body_bytes);
        let total = 1_000_000_000 / body_bytes;
        let began = std::time::Instant::now();
        let mut most = 0;
        let (mut sent, mut deleted) = (0, 0);
        let (mut sending, mut receiving) = (Duration::ZERO, Duration::ZERO);
        while deleted < total {
            let start = std::time::Instant::now();
            while sent < total && sent - deleted < backlog {
                let entries: Vec<_> = (0..10)
                    .map(|n| json!({ "Id": n.to_string(), "MessageBody": body }))
                    .collect();
                let (status, _) =
                    call(&sqs, "SendMessageBatch", json!({ "Entries": entries })).await;
                assert_eq!(status, StatusCode::OK);
                sent += 10;
            }
            sending += start.elapsed();
            let start = std::time::Instant::now();
            while deleted < sent {
                let messages = sqs.receive(name, limits(1_000)).await;
                let handles: Vec<_> = messages.into_iter().map(|m| m.receipt_handle).collect();
                sqs.delete(name, &handles).await;
                deleted += handles.len();
            }
            receiving += start.elapsed();
            most = most.max(disk(folder.path()));
        }
        println!(
            "{body_bytes} B, backlog {backlog}: {} messages/s in, {} out, {} s; disk at most {} MB, at the end {} MB",
            total as f64 / sending.as_secs_f64(),
            total as f64 / receiving.as_secs_f64(),
            began.elapsed().as_secs(),
            mb(most),
            mb(disk(folder.path())),
        );
        assert!(mb(disk(folder.path())) < 500);
    }
    for _ in 0..100_000 / 10 {
        let entries: Vec<_> = (0..10)
            .map(|n| json!({ "Id": n.to_string(), "MessageBody": "x".repeat(1_000) }))
            .collect();
        call(&sqs, "SendMessageBatch", json!({ "Entries": entries })).await;
    }
    drop(sqs);
    let began = std::time::Instant::now();
    let sqs = open(folder.path());
    println!("opened with {:?} in {:?}", sqs.depth("q"), began.elapsed());
}
