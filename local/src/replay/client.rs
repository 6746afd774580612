use std::{thread::sleep, time::Duration};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::json;
use ureq::{Agent, http::Response};

use super::source::Trace;

/// Tries of one batch. With the growing waits between them, a stack that is
/// restarted in mid-replay is waited for about half a minute.
const TRIES: u32 = 12;
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Posts batches to a running stack.
pub(super) struct Client {
    agent: Agent,
    url: String,
    api_key: String,
}

/// What became of a batch.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    pub accepted: usize,
    #[serde(default)]
    pub rejected: Vec<Rejected>,
    /// Times that the batch was sent again.
    #[serde(skip)]
    pub retries: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct Rejected {
    pub index: usize,
    pub field: String,
    pub reason: String,
}

impl Client {
    pub(super) fn new(url: &str, api_key: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .user_agent(concat!("punctual-replay/", env!("CARGO_PKG_VERSION")));
        Self {
            agent: config.build().into(),
            url: format!("{}/data/agents/traces", url.trim_end_matches('/')),
            api_key: api_key.to_owned(),
        }
    }

    /// Posts a batch until it is answered. The traces' ids do not change, so
    /// that one that was stored although its answer was lost stays one trace.
    pub(super) fn post(&self, batch: &[Trace]) -> anyhow::Result<Answer> {
        let fields: Vec<_> = batch.iter().map(|trace| &trace.fields).collect();
        let body = json!({ "traces": fields }).to_string();
        let mut last = String::new();
        for retries in 0..TRIES {
            sleep(wait(retries));
            let request = self.agent.post(&self.url).header("x-api-key", &self.api_key);
            match request.content_type("application/json").send(&body) {
                Ok(response) if matches!(response.status().as_u16(), 429 | 500..=599) => {
                    last = format!("answered {}", response.status());
                }
                Ok(response) => return self.answered(response).map(|answer| Answer { retries, ..answer }),
                Err(error) => last = error.to_string(),
            }
        }
        bail!(
            "{} does not take traces: {last} ({TRIES} tries); is the stack running? (punctual up)",
            self.url
        )
    }

    fn answered(&self, mut response: Response<ureq::Body>) -> anyhow::Result<Answer> {
        let status = response.status();
        let text = response
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_string()?;
        if status == 401 {
            bail!(
                "{} refuses the API key; give the right one with --api-key",
                self.url
            );
        }
        let answer: Result<Answer, _> = serde_json::from_str(&text);
        match answer {
            Ok(answer) if status.is_success() || !answer.rejected.is_empty() => Ok(answer),
            _ => Err(anyhow::anyhow!(text)).with_context(|| format!("{} answered {status}", self.url)),
        }
    }
}

/// None before the first try, then 50 ms, 100 ms … 5 s.
fn wait(retries: u32) -> Duration {
    match retries {
        0 => Duration::ZERO,
        _ => (Duration::from_millis(25) * (1 << retries)).min(LONGEST_WAIT),
    }
}
