//! The promises of [`super::Sqs`] as a whole: nothing acknowledged is lost,
//! nothing is received twice before its time.

mod batches;
mod durability;
mod figures;
mod model;
mod time;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::{ReceiveLimits, Sqs, SqsSettings};
use crate::faults::Faults;
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
