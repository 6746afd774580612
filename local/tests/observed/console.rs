//! The console's feed, and whether its numbers are those of the files, the tables and
//! the queues.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::support::Stack;

const PATIENCE: Duration = Duration::from_secs(30);

/// A page that is open: what it knows now.
#[derive(Clone, Default)]
pub struct Page(Arc<(Mutex<Known>, Condvar)>);

/// The latest message, and what the lists of all have come to.
#[derive(Clone, Default)]
pub struct Known {
    pub latest: Value,
    /// Of each agent: latitude, longitude.
    pub positions: BTreeMap<String, (f64, f64)>,
    pub sheets: usize,
    pub messages: u64,
}

impl Page {
    pub fn open(stack: &Stack) -> Self {
        let url = format!("{}/_console/events", stack.url);
        let response = ureq::get(url).call().expect("events");
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let page = Self::default();
        let known = page.clone();
        thread::spawn(move || {
            // Until the stack ends.
            for line in BufReader::new(response.into_body().into_reader()).lines() {
                let Ok(line) = line else { return };
                if let Some(data) = line.strip_prefix("data: ") {
                    known.take(serde_json::from_str(data).expect("JSON"));
                }
            }
        });
        page
    }

    fn take(&self, message: Value) {
        let mut known = self.0.0.lock().expect("no panic while held");
        for position in message["positions"].as_array().expect("positions") {
            let number = |place: usize| position[place].as_f64().expect("a number");
            let agent = position[0].as_str().expect("an agent").to_owned();
            known.positions.insert(agent, (number(1), number(2)));
        }
        known.sheets += message["sheets"].as_array().map_or(0, Vec::len);
        known.messages += 1;
        known.latest = message;
        self.0.1.notify_all();
    }

    /// What it knows once it knows this, of a message that was made after this call.
    pub fn when(&self, what: &str, is_so: impl Fn(&Known) -> bool) -> Known {
        let known = self.0.0.lock().expect("no panic while held");
        // The next may have been made before.
        let fresh = known.messages + 2;
        let (known, late) = self
            .0
            .1
            .wait_timeout_while(known, PATIENCE, |known| known.messages < fresh || !is_so(known))
            .expect("no panic while held");
        assert!(!late.timed_out(), "{what}, but: {}", known.latest);
        known.clone()
    }
}

impl Known {
    pub fn sum(&self, function: &str, metric: &str) -> u64 {
        self.function(function)["sums"][metric]
            .as_f64()
            .unwrap_or_default() as u64
    }

    pub fn function(&self, name: &str) -> &Value {
        let mut all = self.latest["functions"].as_array().into_iter().flatten();
        all.find(|function| function["name"] == name)
            .unwrap_or(&Value::Null)
    }

    pub fn of(&self, pointer: &str) -> u64 {
        let value = self.latest.pointer(pointer).and_then(Value::as_u64);
        value.unwrap_or_else(|| panic!("{pointer} in {}", self.latest))
    }
}

/// The lines of a stream's files.
pub fn stored(data_dir: &Path, stream: &str) -> Vec<Value> {
    let files = files(&data_dir.join("firehose").join(stream));
    let texts = files.iter().map(|path| fs::read_to_string(path).expect("text"));
    let read = |text: String| {
        let lines = text.lines().map(|line| serde_json::from_str(line).expect("JSON"));
        lines.collect::<Vec<Value>>()
    };
    texts.flat_map(read).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// The newest position of each agent.
pub fn newest(traces: &[Value]) -> BTreeMap<String, (f64, f64)> {
    let mut newest: BTreeMap<String, &Value> = BTreeMap::new();
    for trace in traces {
        let agent = trace["agent_id"].as_str().expect("an agent").to_owned();
        let known = newest.entry(agent).or_insert(trace);
        if trace["recorded_at"].as_str() >= known["recorded_at"].as_str() {
            *known = trace;
        }
    }
    let place = |trace: &Value| {
        (
            trace["lat"].as_f64().expect("lat"),
            trace["lon"].as_f64().expect("lon"),
        )
    };
    newest
        .into_iter()
        .map(|(agent, trace)| (agent, place(trace)))
        .collect()
}

/// Compares what the page knows with what is there.
pub fn compare(known: &Known, stack: &Stack, data_dir: &Path, demo: &Value) {
    let (traces, actions) = (stored(data_dir, "traces"), stored(data_dir, "actions"));
    assert_eq!(known.of("/streams/traces/lines"), traces.len() as u64);
    assert_eq!(known.of("/streams/actions/lines"), actions.len() as u64);
    // What went back is hidden for longer than this test; each is of one line.
    let hidden = known.of("/queues/punctual-traces/in_flight");
    assert_eq!(hidden, 1);
    assert_eq!(known.sum("TraceIngest", "Accepted"), traces.len() as u64 + hidden);
    assert_eq!(
        known.sum("TraceForward", "Lines") - known.sum("TraceForward", "MessagesFailed"),
        (traces.len() + actions.len()) as u64
    );
    assert_eq!(
        known.sum("TraceForward", "LinesDelivered"),
        (traces.len() + actions.len()) as u64
    );
    let sheets = actions.iter().filter(|line| line["kind"] == "run_sheet").count() as u64;
    let answered = known.sum("Actions", "Requests") - known.sum("Actions", "Refused");
    assert_eq!(answered - known.sum("Actions", "Unrecorded"), sheets);
    assert!(known.sheets as u64 >= demo["riders"]["answers"].as_u64().expect("a number").min(4));
    assert_eq!(known.positions, newest(&traces));
    assert_eq!(known.of("/agents"), known.positions.len() as u64);

    let status = stack.status();
    for (name, queue) in status["queues"].as_object().expect("queues") {
        for figure in ["visible", "in_flight", "delayed", "redelivered"] {
            assert_eq!(
                known.latest["queues"][name][figure], queue[figure],
                "{figure} of {name}"
            );
        }
    }
    for stream in ["traces", "actions"] {
        assert_eq!(known.latest["streams"][stream], status["streams"][stream]);
    }
    for (name, function) in status["functions"].as_object().expect("functions") {
        let shown = known.function(name);
        let histogram = shown["histogram"].as_array().expect("a histogram").iter();
        let answers: u64 = histogram.map(|count| count.as_u64().expect("a count")).sum();
        assert_eq!(function["invocations"], answers, "{name}");
        assert_eq!(shown["invocations"], function["invocations"], "{name}");
    }
    let runs = known.latest["lessons"]["runs"].as_array().expect("runs");
    let run = runs
        .iter()
        .find(|run| run["planned"] == demo["lessons"]["planned"])
        .expect("the demo's run");
    for figure in ["first_commit_late_ms", "last_commit_late_ms"] {
        assert_eq!(run[figure], demo["lessons"][figure]);
    }
    assert_eq!(run["published"], demo["lessons"]["opened"]);
    assert_eq!(
        known.of("/lessons/opened"),
        demo["lessons"]["opened"].as_u64().expect("a number")
    );
    assert_eq!(
        known.sum("SchedulePublish", "Published"),
        demo["lessons"]["opened"].as_u64().expect("a number")
    );
    assert_eq!(known.of("/missed"), 0);
}
