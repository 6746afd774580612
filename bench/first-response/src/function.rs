//! The functions, each with a request that it answers by using its clients.

use std::{fs, path::Path};

use anyhow::Context as _;
use bytes::Bytes;
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use crate::services::Services;

const KEY: &str = "local:ed5a18fb8f807f996d649e379d3f35f39c543a91bdbf88c492f2ebd10d4df86c";

pub struct Function {
    /// Its binary's name.
    pub name: &'static str,
    /// What the request is.
    pub request: &'static str,
    event: Event,
}

enum Event {
    /// In the repository's folder of samples.
    Sample(&'static str),
    /// The lessons of the last minute, opened again: there are none.
    Replay,
}

pub const INGEST: Function = Function {
    name: "trace-ingest",
    request: "two traces over HTTP, into SQS and Valkey",
    event: Event::Sample("trace-ingest-native.json"),
};

/// Init alone is of interest.
pub const EMPTY: Function = Function {
    name: "empty",
    request: "nothing",
    event: Event::Sample("trace-ingest-native.json"),
};

pub const OTHERS: [Function; 4] = [
    Function {
        name: "trace-forward",
        request: "a batch of SQS messages, into Firehose",
        event: Event::Sample("trace-forward.json"),
    },
    Function {
        name: "actions",
        request: "a rider's orders over HTTP, solved, and recorded in SQS",
        event: Event::Sample("actions-recorded.json"),
    },
    Function {
        name: "schedule-publish",
        request: "a replay of a minute without lessons, in MariaDB",
        event: Event::Replay,
    },
    Function {
        name: "schedule-watch",
        request: "a day's audit, from MariaDB to SNS",
        event: Event::Sample("schedule-watch-audit.json"),
    },
];

impl Function {
    pub fn event(&self) -> anyhow::Result<Bytes> {
        match self.event {
            Event::Sample(file) => {
                let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
                let event = fs::read(events.join(file)).with_context(|| file.to_owned())?;
                Ok(event.into())
            }
            Event::Replay => {
                let to = Timestamp::now();
                let event = json!({"replay": {"from": to - 1.minute(), "to": to, "reason": "measured", "by": "bench"}});
                Ok(event.to_string().into())
            }
        }
    }

    pub fn variables(&self, services: &Services) -> Vec<(&'static str, String)> {
        match self.name {
            "trace-ingest" => vec![
                ("API_KEY_HASHES", KEY.to_owned()),
                ("TRACE_QUEUE_URL", services.queue_url()),
                ("VALKEY_URL", services.valkey.clone()),
            ],
            "trace-forward" => vec![
                ("TRACE_STREAM", "traces".to_owned()),
                ("DEAD_LETTER_QUEUE_URL", services.queue_url()),
            ],
            "actions" => vec![
                ("API_KEY_HASHES", KEY.to_owned()),
                ("ACTION_QUEUE_URL", services.queue_url()),
            ],
            "schedule-publish" => vec![("DATABASE_URL", services.database.clone())],
            "schedule-watch" => vec![
                ("DATABASE_URL", services.database.clone()),
                ("PUBLISH_FUNCTION", "schedule-publish".to_owned()),
                ("ALERT_TOPIC_ARN", Services::topic_arn()),
                ("RUNBOOK_URL", "https://example.com/runbook".to_owned()),
            ],
            _ => Vec::new(),
        }
    }
}
