//! What the function is told by its environment.

use std::time::Duration;

use shared::{
    auth::KeyRing,
    aws::CallTimeouts,
    body::BodyLimits,
    config::{ConfigError, Env},
};

use crate::recorder::RECORD_BUDGET;

/// Most that a search may allocate, in bytes; it is made for that.
const MOST_MEMORY: usize = 512 << 20;

/// Everything that can be set, checked once in the init phase.
#[derive(Debug)]
pub struct Config {
    /// `API_KEY_HASHES`: who is let in.
    pub keys: KeyRing,
    /// `ACTION_QUEUE_URL`: where actions and run sheets are recorded.
    pub queue_url: String,
    /// `RECORD_BUDGET_MS` (250): how long an answer may wait for the record.
    pub record_budget: Duration,
    /// Bytes that a search may allocate: half of the function's memory
    /// (`AWS_LAMBDA_FUNCTION_MEMORY_SIZE`, in MB, which Lambda sets), 512 MiB at most.
    pub memory: usize,
    /// Caps on a body.
    pub limits: BodyLimits,
}

impl Config {
    /// Reads and checks the environment.
    ///
    /// # Errors
    /// The first variable that is missing or wrong.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let budget = env.parsed_or("RECORD_BUDGET_MS", RECORD_BUDGET.as_millis() as u64)?;
        let memory_mb: u32 = env.parsed_or("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 1_024)?;
        Ok(Self {
            keys: env.parsed("API_KEY_HASHES", "key-id:sha256hex pairs, separated by commas")?,
            queue_url: env.required("ACTION_QUEUE_URL", "the URL of the queue of actions")?,
            record_budget: Duration::from_millis(budget),
            memory: ((memory_mb as usize) << 19).min(MOST_MEMORY),
            limits: BodyLimits::from_env(env)?,
        })
    }

    /// Those of calls to SQS: the record has time for a second try, on a new connection.
    pub fn timeouts(&self) -> CallTimeouts {
        CallTimeouts {
            patience: self.record_budget / 2,
            ..CallTimeouts::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "a:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn each_variable_that_is_wrong_is_named() {
        for (name, value) in [
            ("API_KEY_HASHES", "local-dev-key"),
            ("ACTION_QUEUE_URL", ""),
            ("RECORD_BUDGET_MS", "1s"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "much"),
        ] {
            let pairs = [
                ("API_KEY_HASHES", HASH),
                ("ACTION_QUEUE_URL", "http://queue"),
                (name, value),
            ];
            let error = Config::from_env(&Env::of(pairs)).expect_err(name);
            assert_eq!(error.variable, name);
        }
    }

    #[test]
    fn a_search_gets_half_of_the_memory() {
        for (mb, bytes) in [("", 512 << 20), ("256", 128 << 20), ("1769", 512 << 20)] {
            let pairs = [
                ("API_KEY_HASHES", HASH),
                ("ACTION_QUEUE_URL", "http://queue"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", mb),
            ];
            assert_eq!(Config::from_env(&Env::of(pairs)).expect("complete").memory, bytes);
        }
    }
}
