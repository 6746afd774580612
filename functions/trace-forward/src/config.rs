//! What the environment sets, checked once in the init phase.

use std::time::Duration;

use shared::{
    aws::CallTimeouts,
    backoff::FullJitter,
    config::{ConfigError, Env},
    envelope::Stream,
};

/// The whole configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where each stream is delivered.
    pub streams: Streams,
    /// Where messages go that can never be delivered.
    pub dead_letter_queue_url: String,
    /// How long one call to AWS may take.
    pub timeouts: CallTimeouts,
    /// How delivery behaves.
    pub policy: Policy,
}

/// The Firehose stream behind each [`Stream`].
#[derive(Debug, Clone)]
pub struct Streams {
    /// Name of the delivery stream for traces.
    pub traces: String,
    /// Name of the delivery stream for actions, if this stack has one.
    pub actions: Option<String>,
}

impl Streams {
    /// The delivery stream's name; `None` when the stack has none for `stream`.
    pub fn name_of(&self, stream: Stream) -> Option<&str> {
        match stream {
            Stream::Traces => Some(&self.traces),
            Stream::Actions => self.actions.as_deref(),
        }
    }
}

/// How delivery behaves.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Most calls in flight, over all streams.
    pub concurrency: usize,
    /// How long a failed record waits before it is sent again.
    pub backoff: FullJitter,
    /// How long before the deadline work stops, so that the answer gets out.
    pub margin: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            // The largest event fills about two calls; eight hide the latency of many small retries.
            concurrency: 8,
            backoff: FullJitter {
                base: Duration::from_millis(100),
                // Firehose's quotas are per second: longer waits only cost the function's time.
                cap: Duration::from_secs(3),
            },
            margin: Duration::from_millis(1500),
        }
    }
}

impl Config {
    /// Reads and checks the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let policy = Policy::default();
        // 4 MiB at the 1 MiB/s that a small delivery stream takes, and a little more.
        let attempt = milliseconds(env, "PUT_ATTEMPT_TIMEOUT_MS", Duration::from_secs(5))?;
        let streams = Streams {
            traces: stream_name(
                "TRACE_STREAM",
                env.required("TRACE_STREAM", "the traces' delivery stream")?,
            )?,
            actions: env
                .optional("ACTION_STREAM")
                .map(|name| stream_name("ACTION_STREAM", name))
                .transpose()?,
        };
        Ok(Self {
            streams,
            dead_letter_queue_url: env
                .required("DEAD_LETTER_QUEUE_URL", "the URL of the dead-letter queue")?,
            timeouts: CallTimeouts {
                attempt,
                // Nobody waits, and to send 4 MiB again costs money.
                patience: attempt,
                ..CallTimeouts::default()
            },
            policy: Policy {
                concurrency: at_least_one(env, "PUT_CONCURRENCY", policy.concurrency)?,
                margin: milliseconds(env, "DEADLINE_MARGIN_MS", policy.margin)?,
                ..policy
            },
        })
    }
}

/// Firehose's own rule; the length also bounds what a call holds besides records.
fn stream_name(variable: &str, name: String) -> Result<String, ConfigError> {
    let right = name.len() <= 64
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    right.then_some(name).ok_or_else(|| ConfigError {
        variable: variable.to_owned(),
        problem: "a delivery stream's name has at most 64 of A-Z a-z 0-9 _ . -".to_owned(),
    })
}

fn milliseconds(env: &Env, variable: &str, default: Duration) -> Result<Duration, ConfigError> {
    let default = u32::try_from(default.as_millis()).unwrap_or(u32::MAX);
    let value: std::num::NonZeroU32 = match env.parsed_or(variable, default)?.try_into() {
        Ok(value) => value,
        Err(_) => return Err(not_zero(variable)),
    };
    Ok(Duration::from_millis(u64::from(value.get())))
}

fn at_least_one(env: &Env, variable: &str, default: usize) -> Result<usize, ConfigError> {
    match env.parsed_or(variable, default)? {
        0 => Err(not_zero(variable)),
        value => Ok(value),
    }
}

fn not_zero(variable: &str) -> ConfigError {
    ConfigError {
        variable: variable.to_owned(),
        problem: "is 0; set it to 1 or more".to_owned(),
    }
}

#[cfg(test)]
mod tests;
