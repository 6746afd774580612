//! What the function is told by its environment.

use std::time::Duration;

use secrecy::SecretString;
use shared::{
    auth::KeyRing,
    body::BodyLimits,
    config::{ConfigError, Env},
};

/// Everything that can be set, checked once in the init phase.
#[derive(Debug)]
pub struct Config {
    /// `API_KEY_HASHES`: who is let in.
    pub keys: KeyRing,
    /// `TRACE_QUEUE_URL`: where traces are made durable.
    pub queue_url: String,
    /// `VALKEY_URL`: where live readers look; may hold a password.
    pub valkey_url: Option<SecretString>,
    /// `VALKEY_BUDGET_MS` (20): how long an answer may wait for Valkey.
    pub valkey_budget: Duration,
    /// `ENQUEUE_BUDGET_MS` (5000): how long a request may try to store its traces.
    pub enqueue_budget: Duration,
    /// Caps on a body.
    pub limits: BodyLimits,
}

impl Config {
    /// Reads and checks the environment.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let ms = |name, default| env.parsed_or(name, default).map(Duration::from_millis);
        Ok(Self {
            keys: env.parsed("API_KEY_HASHES", "key-id:sha256hex pairs, separated by commas")?,
            queue_url: env.required("TRACE_QUEUE_URL", "the URL of the trace queue")?,
            valkey_url: valkey_url(env)?,
            valkey_budget: ms("VALKEY_BUDGET_MS", 20)?,
            enqueue_budget: ms("ENQUEUE_BUDGET_MS", 5_000)?,
            limits: BodyLimits::from_env(env)?,
        })
    }
}

/// Checked here, because a wrong one would only show in the log of the first
/// request; its text may hold a password and is not said back.
fn valkey_url(env: &Env) -> Result<Option<SecretString>, ConfigError> {
    const NAME: &str = "VALKEY_URL";
    let Some(url) = env.optional(NAME) else {
        return Ok(None);
    };
    if redis::Client::open(url.as_str()).is_err() {
        let problem = "must be redis://[[user]:password@]host[:port][/db], or rediss:// for TLS".to_owned();
        return Err(ConfigError {
            variable: NAME.to_owned(),
            problem,
        });
    }
    Ok(Some(url.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "a:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn defaults_are_sane_and_valkey_is_off() {
        let env = Env::of([
            ("API_KEY_HASHES", HASH),
            ("TRACE_QUEUE_URL", "http://queue"),
            ("VALKEY_URL", ""),
        ]);
        let config = Config::from_env(&env).expect("complete");
        assert!(config.valkey_url.is_none());
        assert_eq!(config.valkey_budget, Duration::from_millis(20));
        assert_eq!(config.limits.decompressed, 10_485_760);
    }

    #[test]
    fn each_variable_that_is_wrong_is_named() {
        for (name, value) in [
            ("API_KEY_HASHES", "local-dev-key"),
            ("TRACE_QUEUE_URL", ""),
            ("ENQUEUE_BUDGET_MS", "5s"),
            ("VALKEY_URL", "localhost:6379"),
        ] {
            let pairs = [
                ("API_KEY_HASHES", HASH),
                ("TRACE_QUEUE_URL", "http://queue"),
                (name, value),
            ];
            let error = Config::from_env(&Env::of(pairs)).expect_err(name);
            assert_eq!(error.variable, name);
        }
    }
}
