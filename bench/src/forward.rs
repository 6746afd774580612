//! One forwarder environment, given full events one after the other.

use std::time::Instant;

use anyhow::ensure;
use serde_json::{Value, json};

use crate::stack::Stack;

/// Lines in a message, as a phone's batch or a busy minute makes them.
const LINES: u64 = 500;

/// What one environment forwarded.
#[derive(Debug)]
pub struct Forward {
    pub traces: u64,
    pub bytes: u64,
    pub seconds: f64,
}

pub fn run(stack: &Stack, events: u32) -> anyhow::Result<Forward> {
    let body: String = (0..LINES).map(line).collect();
    // 6 MB is what Lambda takes.
    let messages = 5_500_000 / (body.len() + body.matches('"').count()) as u64;
    let records: Vec<Value> = (0..messages).map(|n| record(n, &body)).collect();
    let event = json!({ "Records": records }).to_string();
    let url = format!("{}/2015-03-31/functions/TraceForward/invocations", stack.url);
    let invoke = || -> anyhow::Result<()> {
        let answer = stack.agent.post(&url).send(&event)?.body_mut().read_to_string()?;
        ensure!(
            answer.contains("\"batchItemFailures\":[]"),
            "the forwarder answered {answer}"
        );
        Ok(())
    };
    invoke()?;
    let began = Instant::now();
    for _ in 0..events {
        invoke()?;
    }
    let seconds = began.elapsed().as_secs_f64();
    let all = u64::from(events) * messages;
    Ok(Forward {
        traces: all * LINES,
        bytes: all * body.len() as u64,
        seconds,
    })
}

/// A stored trace of about 250 bytes.
fn line(n: u64) -> String {
    let line = json!({
        "trace_id": format!("5b7e031c-143d-5792-a3f5-{n:012}"), "agent_id": format!("rider-{n}"),
        "recorded_at": "2026-01-26T15:57:02.000Z", "received_at": "2026-01-26T15:57:02.412Z",
        "lat": 53.44451, "lon": -2.925173, "accuracy_m": 5.0, "speed_mps": 8.3, "source": "native",
        "key_id": "local",
    });
    format!("{line}\n")
}

fn record(n: u64, body: &str) -> Value {
    json!({
        "messageId": format!("00000000-0000-4000-8000-{n:012}"), "receiptHandle": n.to_string(), "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1769443022412"},
        "messageAttributes": {"stream": {"stringValue": "traces", "dataType": "String",
                                         "stringListValues": [], "binaryListValues": []}},
        "md5OfBody": "", "eventSource": "aws:sqs", "awsRegion": "us-east-1",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:punctual-traces",
    })
}
