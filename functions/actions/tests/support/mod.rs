//! What several tests of the function need.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use actions::{config::Config, handler::Actions, search::Solve};
use jiff::Timestamp;
use lambda_http::{Body, Context, Request, RequestExt, Response, request};
use serde_json::{Value, json};
use shared::{
    config::Env,
    lines::{LineQueue, Unstored},
    metrics::Metrics,
    trace_context::TraceContext,
};

/// `printf %s local-dev-key | sha256sum`
pub const HASH: &str = "local:ed5a18fb8f807f996d649e379d3f35f39c543a91bdbf88c492f2ebd10d4df86c";

/// How a queue behaves.
#[derive(Clone, Copy, Default)]
pub enum Mood {
    #[default]
    Takes,
    /// Everything.
    Refuses,
    /// Answers after this long.
    Slow(Duration),
}

/// A queue that keeps what it gets.
#[derive(Clone, Default)]
pub struct Queue {
    pub mood: Mood,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Queue {
    pub fn that(mood: Mood) -> Self {
        let lines = Arc::default();
        Self { mood, lines }
    }

    pub fn stored(&self) -> Vec<Value> {
        let lines = self.lines.lock().expect("no panic");
        let parse = |line: &String| serde_json::from_str(line).expect("JSON");
        lines.iter().map(parse).collect()
    }
}

impl LineQueue for Queue {
    async fn enqueue(&self, lines: &[String], _: &TraceContext, _: Duration) -> Result<(), Unstored> {
        if let Mood::Slow(long) = self.mood {
            tokio::time::sleep(long).await;
        }
        if matches!(self.mood, Mood::Refuses) {
            return Err(Unstored {
                lines: (0..lines.len()).collect(),
                code: "InternalError".into(),
            });
        }
        self.lines.lock().expect("no panic").extend_from_slice(lines);
        Ok(())
    }
}

pub fn now() -> Timestamp {
    "2026-01-26T16:00:00Z".parse().expect("a time")
}

pub fn actions(queue: Queue, solve: Solve) -> Actions<Queue> {
    measured(queue, solve, Metrics::discarded())
}

pub fn measured(queue: Queue, solve: Solve, metrics: Metrics) -> Actions<Queue> {
    let env = Env::of([("API_KEY_HASHES", HASH), ("ACTION_QUEUE_URL", "http://queue")]);
    let config = Config::from_env(&env).expect("a config");
    Actions::new(&config, queue, solve, now, metrics)
}

pub fn event_file(name: &str) -> Value {
    let path = format!("{}/../../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON")
}

/// The body of a sample event.
pub fn sample(name: &str) -> Value {
    serde_json::from_str(event_file(name)["body"].as_str().expect("text")).expect("JSON")
}

/// A POST of this text with the local key.
pub fn post(text: &str) -> Value {
    let mut event = event_file("actions");
    event["body"] = json!(text);
    event
}

pub fn request(event: &Value) -> Request {
    request::from_str(&event.to_string()).expect("an event")
}

/// The same in an invocation that ends `left` from now.
pub fn request_with(event: &Value, left: Duration) -> Request {
    let mut context = Context::default();
    context.deadline = (Timestamp::now().as_millisecond() + left.as_millis() as i64) as u64;
    request(event).with_lambda_context(context)
}

pub fn body(response: &Response<Body>) -> Value {
    serde_json::from_slice(response.body()).expect("a JSON body")
}

/// Status and body of what is answered to this body.
pub async fn ask_text(text: &str) -> (u16, Value) {
    let response = actions(Queue::default(), actions::search::solve)
        .handle(request(&post(text)))
        .await;
    (response.status().as_u16(), body(&response))
}

pub async fn ask(body: &Value) -> (u16, Value) {
    ask_text(&body.to_string()).await
}

/// What is answered to a body that is right.
pub async fn solved(body: &Value) -> Value {
    let (status, answer) = ask(body).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// `type` and `id` of each step, such as `pickup 11`.
pub fn steps(answer: &Value) -> Vec<String> {
    let steps = answer["routes"][0]["steps"].as_array().expect("steps");
    let name = |step: &Value| {
        let kind = step["type"].as_str().expect("a type");
        match step["id"].as_u64() {
            Some(id) => format!("{kind} {id}"),
            None => kind.to_owned(),
        }
    };
    steps.iter().map(name).collect()
}
