//! Lambda's Runtime API for one environment: an event when the function asks, and the
//! time until its answer.

use std::{
    net::Ipv4Addr,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::Context as _;
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde::{Deserialize, de::IgnoredAny};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};

/// Longer than anything here should take.
const LIMIT: Duration = Duration::from_secs(30);

type Asked = oneshot::Sender<Bytes>;

#[derive(Clone)]
struct Ends {
    asked: mpsc::UnboundedSender<Asked>,
    answered: mpsc::UnboundedSender<Result<Bytes, Bytes>>,
}

pub struct RuntimeApi {
    pub address: String,
    asked: Mutex<mpsc::UnboundedReceiver<Asked>>,
    answered: Mutex<mpsc::UnboundedReceiver<Result<Bytes, Bytes>>>,
    waiting: Mutex<Option<Asked>>,
    server: JoinHandle<()>,
}

impl RuntimeApi {
    pub async fn start() -> anyhow::Result<Self> {
        let (asked, asking) = mpsc::unbounded_channel();
        let (answered, answering) = mpsc::unbounded_channel();
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/{what}", post(answer))
            .with_state(Arc::new(Ends { asked, answered }));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?.to_string();
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            asked: Mutex::new(asking),
            answered: Mutex::new(answering),
            waiting: Mutex::default(),
            server,
        })
    }

    /// Until the function asks for its next event.
    pub async fn asked(&self) -> anyhow::Result<()> {
        let asked = timeout(LIMIT, async { self.asked.lock().await.recv().await }).await;
        let asked = asked.context("the function does not ask for an event")?;
        *self.waiting.lock().await = asked;
        Ok(())
    }

    /// Hands `event` to the function that asked; the time until it answered.
    pub async fn invoke(&self, event: &Bytes) -> anyhow::Result<Duration> {
        let asked = self.waiting.lock().await.take().context("nobody asked")?;
        let began = Instant::now();
        asked.send(event.clone()).ok().context("the function is gone")?;
        let answer = timeout(LIMIT, async { self.answered.lock().await.recv().await }).await;
        let elapsed = began.elapsed();
        let answer = answer
            .context("the function does not answer")?
            .context("the server ended")?;
        let answer = answer.map_err(|error| anyhow::anyhow!("{}", String::from_utf8_lossy(&error)))?;
        anyhow::ensure!(
            is_success(&answer),
            "the function failed: {}",
            String::from_utf8_lossy(&answer)
        );
        Ok(elapsed)
    }
}

/// Whether the request was done: over HTTP, and for a batch of messages, an answer may
/// say that it was not.
fn is_success(answer: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        status_code: Option<u16>,
        batch_item_failures: Option<Vec<IgnoredAny>>,
    }
    serde_json::from_slice(answer).is_ok_and(|answer: Answer| {
        answer
            .status_code
            .is_none_or(|status| (200..300).contains(&status))
            && answer
                .batch_item_failures
                .is_none_or(|failures| failures.is_empty())
    })
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(ends): State<Arc<Ends>>) -> Response {
    let (event, handed) = oneshot::channel();
    let _ = ends.asked.send(event);
    let Ok(event) = handed.await else {
        return StatusCode::GONE.into_response();
    };
    let deadline = SystemTime::now() + LIMIT;
    let deadline = deadline
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let headers = [
        (
            "lambda-runtime-aws-request-id",
            "00000000-0000-0000-0000-000000000001".to_owned(),
        ),
        ("lambda-runtime-deadline-ms", deadline.to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-west-1:000000000000:function:measured".to_owned(),
        ),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, event).into_response()
}

async fn answer(
    State(ends): State<Arc<Ends>>,
    Path((_, what)): Path<(String, String)>,
    body: Bytes,
) -> StatusCode {
    let _ = ends
        .answered
        .send(if what == "response" { Ok(body) } else { Err(body) });
    StatusCode::ACCEPTED
}

#[cfg(test)]
mod tests {
    use super::is_success;

    #[test]
    fn what_says_that_it_failed_is_no_answer_to_measure() {
        for (answer, expected) in [
            (r#"{"statusCode":202,"body":"{\"accepted\":2}"}"#, true),
            (r#"{"statusCode":401}"#, false),
            (r#"{"statusCode":503}"#, false),
            (r#"{"batchItemFailures":[]}"#, true),
            (r#"{"batchItemFailures":[{"itemIdentifier":"m"}]}"#, false),
            (r#"{"kind":"replay","published":0}"#, true),
            ("", false),
        ] {
            assert_eq!(is_success(answer.as_bytes()), expected, "{answer}");
        }
    }
}
