//! A stack that runs already, called over HTTP.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::lambda::MAX_PAYLOAD_BYTES;

/// How long a stack may take to say that it is there.
const PROBE: Duration = Duration::from_secs(2);

/// Where a stack answers, and what it runs.
pub(crate) struct RunningStack {
    url: String,
    functions: Vec<String>,
    database: Option<String>,
}

/// What a function answered.
pub(crate) struct Called {
    pub payload: Bytes,
    pub function_error: Option<String>,
}

/// As much of `GET /_punctual/status` as tells a stack from any other server.
#[derive(Deserialize)]
struct Status {
    functions: BTreeMap<String, IgnoredAny>,
    database: Option<String>,
}

/// An error of the Invoke API.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Refusal {
    message: String,
}

impl RunningStack {
    /// The stack at `url`; `None` if nothing answers there, or something else.
    pub fn find(url: &str) -> Option<Self> {
        let url = url.trim_end_matches('/').to_owned();
        let request = ureq::get(format!("{url}/_punctual/status"));
        let request = request.config().timeout_global(Some(PROBE)).build();
        let status: Status = request.call().ok()?.body_mut().read_json().ok()?;
        Some(Self {
            url,
            functions: status.functions.into_keys().collect(),
            database: status.database,
        })
    }

    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where its lessons are, without a password.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// What the stack says under `/_punctual/`.
    pub fn get(&self, what: &str) -> anyhow::Result<Value> {
        let mut response = ureq::get(format!("{}/_punctual/{what}", self.url)).call()?;
        Ok(response.body_mut().read_json()?)
    }

    /// Invokes the function and waits for its answer.
    pub fn invoke(&self, function: &str, event: &[u8]) -> anyhow::Result<Called> {
        self.call(function, event, "RequestResponse")
    }

    /// Hands the function an event and does not wait for what it does with it.
    pub fn trigger(&self, function: &str, event: &[u8]) -> anyhow::Result<()> {
        self.call(function, event, "Event").map(|_| ())
    }

    fn call(&self, function: &str, event: &[u8], kind: &str) -> anyhow::Result<Called> {
        let name = utf8_percent_encode(function, NON_ALPHANUMERIC);
        let url = format!("{}/2015-03-31/functions/{name}/invocations", self.url);
        let request = ureq::post(url).header("x-amz-invocation-type", kind);
        let request = request.config().http_status_as_error(false).build();
        let mut response = request.send(event)?;
        let failed = response.headers().get("x-amz-function-error");
        let function_error = failed.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let status = response.status();
        let body = response.body_mut().with_config();
        let payload = body.limit(MAX_PAYLOAD_BYTES as u64).read_to_vec();
        let payload = payload.context("the answer broke off")?;
        match status {
            StatusCode::OK | StatusCode::ACCEPTED => Ok(Called {
                payload: payload.into(),
                function_error,
            }),
            StatusCode::NOT_FOUND => Err(unknown(function, &self.functions)),
            _ => match serde_json::from_slice(&payload) {
                Ok(Refusal { message }) => bail!("not invoked: {message}"),
                Err(_) => bail!("not invoked: {status}: {}", String::from_utf8_lossy(&payload)),
            },
        }
    }
}

/// No such function; the names that there are follow.
pub(crate) fn unknown(function: &str, known: &[String]) -> anyhow::Error {
    match known {
        [] => anyhow::anyhow!("there is no function `{function}`: the template has none"),
        known => anyhow::anyhow!(
            "there is no function `{function}`; there are: {}",
            known.join(", ")
        ),
    }
}
