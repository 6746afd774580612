//! A function for the tests of the local Lambda: its event tells it what to do.
//!
//! `{"echo":…}`, `{"sleep_ms":n}`, `{"until":"file"}`, `{"fail":"words"}`, `{"panic":"words"}`,
//! `{"exit":code}`, `{"abort":true}`, `{"allocate_mb":n}`, `{"print":"line"}`,
//! `{"environment":["NAME",…]}`, `{"pad":bytes}`; an SQS or HTTP event is
//! returned as it came, unless `PROBE_ANSWER` has a fixed answer for it.
//!
//! `PROBE_INIT` changes its start: `exit` leaves with words on stderr, `panic`
//! panics, `hang` never asks for an event; `silent` and `cut` are in `broken`. A file named by
//! `PROBE_INIT_FAILS_WHILE` makes it leave for as long as the file exists.
//! `PROBE_FAIL_ONCE` answers an SQS event with `batchItemFailures` of the
//! messages whose body is `bad`, the first time they come.

mod broken;

use std::time::Duration;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    match std::env::var("PROBE_INIT").unwrap_or_default().as_str() {
        "exit" => {
            eprintln!("probe: no database here");
            std::process::exit(3);
        }
        "panic" => panic!("probe: bad configuration"),
        "hang" => std::future::pending().await,
        kind @ ("silent" | "cut") => broken::run(kind),
        _ => {}
    }
    if std::env::var("PROBE_INIT_FAILS_WHILE").is_ok_and(|file| std::fs::exists(file).unwrap_or(false)) {
        eprintln!("probe: still failing");
        std::process::exit(1);
    }
    lambda_runtime::run(service_fn(handle)).await
}

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let (payload, context) = event.into_parts();
    if let Ok(file) = std::env::var("PROBE_SEEN") {
        append(&file, &payload)?;
    }
    let number = |name: &str| payload[name].as_u64();
    if let Some(words) = payload["print"].as_str() {
        println!("{words}");
    }
    if let Some(ms) = number("sleep_ms") {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
    if let Some(file) = payload["until"].as_str() {
        while !std::fs::exists(file)? {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    if let Some(words) = payload["fail"].as_str() {
        return Err(words.into());
    }
    if let Some(words) = payload["panic"].as_str() {
        panic!("{words}");
    }
    if let Some(code) = payload["exit"].as_i64() {
        std::process::exit(i32::try_from(code)?);
    }
    if payload["abort"] == true {
        std::process::abort();
    }
    if let Some(megabytes) = number("allocate_mb") {
        let held = vec![1_u8; usize::try_from(megabytes)? * 1024 * 1024];
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(held);
    }
    if let Some(bytes) = number("pad") {
        return Ok(Value::String("x".repeat(usize::try_from(bytes)?)));
    }
    if let Some(names) = payload["environment"].as_array() {
        // Nobody sets PWD, as there is no shell.
        let value = |name: &Value| match name.as_str().unwrap_or_default() {
            "PWD" => Some(std::env::current_dir().ok()?.display().to_string()),
            name => std::env::var(name).ok(),
        };
        return Ok(names.iter().map(value).map(Value::from).collect());
    }
    if payload.get("echo").is_some() {
        return Ok(json!({
            "echo": payload["echo"],
            "pid": std::process::id(),
            "request_id": context.request_id,
            "arn": context.invoked_function_arn,
            "deadline": context.deadline,
            "trace_id": context.xray_trace_id,
        }));
    }
    if std::env::var_os("PROBE_FAIL_ONCE").is_some() {
        return Ok(fail_once(&payload));
    }
    match std::env::var("PROBE_ANSWER") {
        Ok(answer) => Ok(serde_json::from_str(&answer)?),
        Err(_) => Ok(payload),
    }
}

fn fail_once(event: &Value) -> Value {
    let records = event["Records"].as_array().into_iter().flatten();
    let failures: Vec<Value> = records
        .filter(|record| record["body"] == "bad" && record["attributes"]["ApproximateReceiveCount"] == "1")
        .map(|record| json!({ "itemIdentifier": record["messageId"] }))
        .collect();
    json!({ "batchItemFailures": failures })
}

/// One line per event, so that a test sees every delivery. A file named
/// `<file>.crash` makes the next delivery end the process instead, once.
fn append(file: &str, payload: &Value) -> Result<(), Error> {
    use std::io::Write as _;
    let mut seen = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
    // In one write: other environments append to the same file.
    seen.write_all(format!("{payload}\n").as_bytes())?;
    if std::fs::remove_file(format!("{file}.crash")).is_ok() {
        std::process::abort();
    }
    Ok(())
}
