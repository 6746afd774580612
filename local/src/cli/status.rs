//! `punctual status`: how a running stack is doing.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::Context as _;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::running::RunningStack;

/// Arguments of `status`.
#[derive(Args)]
pub(super) struct StatusArgs {
    /// Running stack to look at
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// As much of `GET /_punctual/status` as is told, and what the lessons say.
#[derive(Debug, Serialize, Deserialize)]
struct Status {
    /// Per second, of the last five.
    rates: BTreeMap<String, f64>,
    queues: BTreeMap<String, Queue>,
    streams: BTreeMap<String, Stream>,
    /// Null without a database.
    #[serde(default)]
    lessons: Option<Lessons>,
    /// Of the newest run that opened something; null where there is none.
    #[serde(default)]
    lateness: Option<Lateness>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Queue {
    visible: u64,
    in_flight: u64,
    delayed: u64,
    oldest_age_seconds: Option<f64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stream {
    lines: u64,
    records: u64,
    calls: u64,
    failed_records: u64,
    throttled_calls: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Lessons {
    overdue: u64,
    coming: Vec<Value>,
    runs: Vec<Value>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Lateness {
    run: i64,
    slot: String,
    planned: u64,
    published: u64,
    first_commit_late_ms: i64,
    last_commit_late_ms: i64,
}

/// Prints it; an error when no stack answers.
pub(super) fn run(args: &StatusArgs) -> anyhow::Result<()> {
    let stack = RunningStack::find(&args.url).with_context(|| {
        format!(
            "no stack answers at {}: start one with `punctual` (or `cargo run --release`)",
            args.url
        )
    })?;
    let mut status: Status = serde_json::from_value(stack.get("status")?)?;
    status.lessons = serde_json::from_value(stack.get("lessons")?)?;
    status.lateness = status.lessons.as_ref().and_then(Lessons::newest);
    match args.json {
        true => println!("{}", serde_json::to_string(&status)?),
        false => print!("{status}"),
    }
    Ok(())
}

impl Lessons {
    fn newest(&self) -> Option<Lateness> {
        // One that has opened nothing has no lateness.
        let read = |run: &Value| serde_json::from_value(run.clone()).ok();
        self.runs.iter().find_map(read)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |name: &str| self.rates.get(name).copied().unwrap_or_default();
        writeln!(
            f,
            "ingest    {:.1} requests/s, {:.1} traces/s accepted, {:.1} rejected, {:.1} requests not stored",
            rate("requests"),
            rate("accepted"),
            rate("rejected"),
            rate("unstored")
        )?;
        writeln!(
            f,
            "forward   {:.1} messages/s in {:.1} calls/s, {:.1} records failed, {:.1} messages given back",
            rate("messages"),
            rate("calls"),
            rate("records_failed"),
            rate("given_back")
        )?;
        for (name, queue) in &self.queues {
            let waiting = queue.visible + queue.delayed;
            write!(
                f,
                "queue     {name}: {waiting} waiting, {} in flight",
                queue.in_flight
            )?;
            match queue.oldest_age_seconds {
                Some(age) => writeln!(f, ", the oldest for {age:.1} s")?,
                None => writeln!(f)?,
            }
        }
        for (name, stream) in &self.streams {
            writeln!(
                f,
                "stream    {name}: {} lines in {} records",
                stream.lines, stream.records
            )?;
        }
        match (&self.lessons, &self.lateness) {
            (None, _) => writeln!(f, "lessons   no database"),
            (Some(lessons), None) => {
                writeln!(f, "lessons   {} overdue; no run has opened any", lessons.overdue)
            }
            (Some(lessons), Some(run)) => writeln!(
                f,
                "lessons   {} overdue; slot {}: {} of {} opened, first {} ms and last {} ms after the instant",
                lessons.overdue,
                run.slot,
                run.published,
                run.planned,
                run.first_commit_late_ms,
                run.last_commit_late_ms
            ),
        }
    }
}
