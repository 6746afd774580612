//! What the environment sets, checked once in the init phase.

use std::num::NonZeroUsize;
use std::time::Duration;

use shared::config::{ConfigError, Env};

/// A statement of 10,000 ids has 80 kB, and one commit of as many lessons takes
/// a tenth of a second; more of both gains nothing (bench/publish.md).
const MOST_CHUNK: usize = 10_000;

/// How publishing behaves.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// Most lessons that one statement opens and one commit holds.
    pub chunk: NonZeroUsize,
    /// Connections that fire side by side.
    pub connections: NonZeroUsize,
    /// Most lessons of missed slots that one run recovers.
    pub recovery_limit: usize,
    /// Time kept at the end of an invocation for its answer.
    pub margin: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            // Measured against others in bench/publish.md.
            chunk: const { NonZeroUsize::new(1_000).expect("not zero") },
            connections: const { NonZeroUsize::new(4).expect("not zero") },
            recovery_limit: 20_000,
            margin: Duration::from_secs(2),
        }
    }
}

impl Config {
    /// Reads and checks the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let default = Self::default();
        let chunk: NonZeroUsize = env.parsed_or("PUBLISH_CHUNK", default.chunk)?;
        if chunk.get() > MOST_CHUNK {
            return Err(ConfigError {
                variable: "PUBLISH_CHUNK".to_owned(),
                problem: format!("must be from 1 to {MOST_CHUNK}"),
            });
        }
        Ok(Self {
            chunk,
            connections: env.parsed_or("PUBLISH_CONNECTIONS", default.connections)?,
            recovery_limit: env.parsed_or("RECOVERY_LIMIT", default.recovery_limit)?,
            ..default
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_number_is_named() {
        for variable in ["PUBLISH_CHUNK", "PUBLISH_CONNECTIONS", "RECOVERY_LIMIT"] {
            for value in ["-1", "many"] {
                let error = Config::from_env(&Env::of([(variable, value)])).expect_err(value);
                assert_eq!(error.variable, variable);
            }
        }
        for chunk in ["0", "10001"] {
            assert!(Config::from_env(&Env::of([("PUBLISH_CHUNK", chunk)])).is_err());
        }
        assert!(Config::from_env(&Env::of([("RECOVERY_LIMIT", "0")])).is_ok());
    }
}
