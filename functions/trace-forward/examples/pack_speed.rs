//! Lines a second of everything before the network, on one thread: reading
//! the event, checking and sorting its messages, joining records, packing calls.
//!
//! ```sh
//! cargo run --release -p trace-forward --example pack_speed
//! ```

use std::time::{Duration, Instant};

use aws_lambda_events::sqs::SqsEvent;
use serde_json::{Value, json};
use trace_forward::{batch::Batch, config::Streams, record};

/// Lambda's limit for the payload of an event source mapping.
const EVENT_BYTES: usize = 6_000_000;
const ROUNDS: u32 = 30;

fn main() -> Result<(), serde_json::Error> {
    println!("lines/message  messages   lines  records  calls   read ms   rest ms     lines/s");
    for lines in [1, 10, 100, 500] {
        measure(lines)?;
    }
    Ok(())
}

fn measure(lines: usize) -> Result<(), serde_json::Error> {
    let event = event_text(lines);
    let streams = Streams {
        traces: "traces".to_owned(),
        actions: None,
    };
    let (mut reading, mut rest) = (Duration::ZERO, Duration::ZERO);
    let (mut messages, mut records, mut calls) = (0, Vec::new(), 0);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        // As lambda_runtime reads it.
        let mut json = serde_json::Deserializer::from_slice(event.as_bytes());
        let event: SqsEvent = serde::Deserialize::deserialize(&mut json)?;
        reading += started.elapsed();

        let started = Instant::now();
        messages = event.records.len();
        let batch = Batch::sort(event.records, &streams);
        records = batch
            .deliverable
            .values()
            .flat_map(|messages| record::join(messages))
            .collect();
        let all: Vec<usize> = (0..records.len()).collect();
        calls = record::calls(&records, &all).len();
        rest += started.elapsed();
    }
    let total: usize = records.iter().map(|record| record.lines).sum();
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3 / f64::from(ROUNDS);
    println!(
        "{lines:>13} {messages:>9} {total:>7} {:>8} {calls:>6} {:>9.1} {:>9.1} {:>11.0}",
        records.len(),
        milliseconds(reading),
        milliseconds(rest),
        total as f64 * f64::from(ROUNDS) / (reading + rest).as_secs_f64(),
    );
    Ok(())
}

/// An event as large as Lambda sends, of messages with `lines` lines each.
fn event_text(lines: usize) -> String {
    let line = json!({
        "trace_id": "0b1c9a52-6f0e-5c3a-9d59-0f6f6f0c2a11", "agent_id": "rider-4711",
        "recorded_at": "2026-11-21T08:15:30.123Z", "received_at": "2026-11-21T08:15:31.004Z",
        "lat": 53.4084, "lon": -2.9916, "accuracy_m": 4.5, "speed_mps": 7.25, "heading_deg": 181.0,
        "source": "native", "key_id": "fleet",
    });
    let body = format!("{line}\n").repeat(lines);
    let message = |n: usize| -> Value {
        json!({
            "messageId": format!("059f36b4-87a3-44ab-83d2-{n:012}"),
            "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a".repeat(6),
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183",
                "SenderId": "AIDAIENQZJOLO23YVJ4VO", "ApproximateFirstReceiveTimestamp": "1545082649185",
            },
            "messageAttributes": {
                "stream": {
                    "stringValue": "traces", "stringListValues": [], "binaryListValues": [], "dataType": "String",
                },
            },
            "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:punctual-traces",
            "awsRegion": "eu-west-1",
        })
    };
    let one = message(0).to_string().len() + 1;
    let records: Vec<Value> = (0..(EVENT_BYTES / one).min(10_000)).map(message).collect();
    json!({ "Records": records }).to_string()
}
