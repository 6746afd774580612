//! Events and doubles that several test files use.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::{sync::Mutex, time::Duration};

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use bytes::Bytes;
use serde_json::{Value, json};
use shared::backoff::FullJitter;
use tokio::time::Instant;
use trace_forward::{
    config::{Policy, Streams},
    deliver::{DeliveryStream, PutError, RecordOutcome},
    handler::{DeadLetters, Unburied},
    message::DeadLetter,
};

pub const TRACES: &str = "punctual-traces";
pub const ACTIONS: &str = "punctual-actions";

pub fn streams() -> Streams {
    Streams {
        traces: TRACES.to_owned(),
        actions: Some(ACTIONS.to_owned()),
    }
}

pub fn policy() -> Policy {
    Policy {
        concurrency: 8,
        backoff: FullJitter {
            base: Duration::from_millis(10),
            cap: Duration::from_millis(100),
        },
        margin: Duration::from_millis(100),
    }
}

/// A message of an event, as Lambda sends it.
pub fn message(id: &str, stream: &str, body: &str) -> Value {
    json!({
        "messageId": id,
        "receiptHandle": "receipt",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "AWSTraceHeader": "Root=1-5759e988-bd862e3fe1be46a994272793"},
        "messageAttributes": {
            "stream": {"stringValue": stream, "stringListValues": [], "binaryListValues": [], "dataType": "String"},
        },
        "eventSource": "aws:sqs",
    })
}

/// A message of traces with `lines` lines of about `bytes` bytes each; the
/// lines name the message.
pub fn traces(id: &str, lines: usize, bytes: usize) -> Value {
    let line = |n| format!("{{\"id\":\"{id}.{n}\",\"fill\":\"{}\"}}\n", "x".repeat(bytes));
    message(id, "traces", &(0..lines).map(line).collect::<String>())
}

pub fn event(messages: impl IntoIterator<Item = Value>) -> SqsEvent {
    let records: Vec<Value> = messages.into_iter().collect();
    serde_json::from_value(json!({ "Records": records })).expect("an SQS event")
}

/// The ids that an answer reports.
pub fn failures(answer: &SqsBatchResponse) -> Vec<&str> {
    answer
        .batch_item_failures
        .iter()
        .map(|failure| failure.item_identifier.as_str())
        .collect()
}

/// A call that [`Fake`] saw.
#[derive(Debug, Clone)]
pub struct Put {
    pub stream: String,
    pub traceparent: String,
    pub records: Vec<Bytes>,
    pub at: Instant,
}

type Script = dyn Fn(&Put, usize) -> (Duration, Result<Vec<RecordOutcome>, PutError>) + Send + Sync;

/// A delivery stream that answers as its script says, given the call and how
/// many came before it.
pub struct Fake {
    script: Box<Script>,
    calls: Mutex<Vec<Put>>,
    in_flight: Mutex<(usize, usize)>,
}

impl Fake {
    pub fn new<F>(script: F) -> Self
    where
        F: Fn(&Put, usize) -> (Duration, Result<Vec<RecordOutcome>, PutError>) + Send + Sync + 'static,
    {
        Self {
            script: Box::new(script),
            calls: Mutex::default(),
            in_flight: Mutex::default(),
        }
    }

    pub fn calls(&self) -> Vec<Put> {
        self.calls.lock().expect("no panic while held").clone()
    }

    /// Most calls that were in flight together.
    pub fn peak(&self) -> usize {
        self.in_flight.lock().expect("no panic while held").1
    }
}

pub fn accepted(put: &Put) -> Result<Vec<RecordOutcome>, PutError> {
    Ok(vec![RecordOutcome::Accepted; put.records.len()])
}

pub fn failed(code: &str) -> RecordOutcome {
    RecordOutcome::Failed(code.to_owned())
}

impl DeliveryStream for &Fake {
    async fn put(
        &self,
        name: &str,
        records: Vec<Bytes>,
        traceparent: &str,
    ) -> Result<Vec<RecordOutcome>, PutError> {
        let put = Put {
            stream: name.to_owned(),
            traceparent: traceparent.to_owned(),
            records,
            at: Instant::now(),
        };
        let before = {
            let mut calls = self.calls.lock().expect("no panic while held");
            calls.push(put.clone());
            calls.len() - 1
        };
        {
            let mut gauge = self.in_flight.lock().expect("no panic while held");
            gauge.0 += 1;
            gauge.1 = gauge.1.max(gauge.0);
        }
        let (delay, answer) = (self.script)(&put, before);
        tokio::time::sleep(delay).await;
        self.in_flight.lock().expect("no panic while held").0 -= 1;
        answer
    }
}

/// A dead-letter queue that takes all, or refuses all.
#[derive(Default)]
pub struct Graveyard {
    pub refuses: bool,
    pub letters: Mutex<Vec<DeadLetter>>,
}

impl DeadLetters for &Graveyard {
    async fn bury(&self, letters: &[DeadLetter], _: Instant) -> Vec<Unburied> {
        self.letters
            .lock()
            .expect("no panic while held")
            .extend_from_slice(letters);
        let refused = letters.iter().filter(|_| self.refuses).map(|letter| Unburied {
            position: letter.position,
            code: "AccessDenied".to_owned(),
        });
        refused.collect()
    }
}
