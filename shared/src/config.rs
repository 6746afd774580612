//! Typed configuration from environment variables.
//!
//! Every function reads its whole configuration once, in the init phase, so a
//! wrong value stops a deployment instead of a request. An empty variable
//! counts as absent: CloudFormation cannot leave one out conditionally
//! everywhere.

use std::{collections::HashMap, fmt::Display, str::FromStr};

/// What is wrong with one environment variable. The value is never shown: it
/// may be a secret.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("environment variable {variable}: {problem}")]
pub struct ConfigError {
    /// The variable's name.
    pub variable: String,
    /// What is wrong, and what a right value looks like.
    pub problem: String,
}

/// Where variables are read from: the process, or a test's own set.
#[derive(Debug, Clone, Default)]
pub struct Env {
    fixed: Option<HashMap<String, String>>,
}

impl Env {
    /// The process environment.
    pub fn process() -> Self {
        Self { fixed: None }
    }

    /// A fixed set of variables, for tests.
    pub fn of<const N: usize>(pairs: [(&str, &str); N]) -> Self {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            fixed: Some(pairs.into_iter().map(own).collect()),
        }
    }

    /// The variable's value; `None` when it is not set, empty, or not UTF-8.
    pub fn optional(&self, variable: &str) -> Option<String> {
        let value = match &self.fixed {
            Some(fixed) => fixed.get(variable).cloned(),
            None => std::env::var(variable).ok(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// The variable's value, or an error that names it and says what it is for.
    pub fn required(&self, variable: &str, purpose: &str) -> Result<String, ConfigError> {
        self.optional(variable).ok_or_else(|| ConfigError {
            variable: variable.to_owned(),
            problem: format!("is not set; it holds {purpose}"),
        })
    }

    /// The parsed value, or `default` when the variable is absent.
    pub fn parsed_or<T>(&self, variable: &str, default: T) -> Result<T, ConfigError>
    where
        T: FromStr<Err: Display>,
    {
        match self.optional(variable) {
            None => Ok(default),
            Some(text) => parse(variable, &text),
        }
    }

    /// The parsed value of a variable that must be there.
    pub fn parsed<T>(&self, variable: &str, purpose: &str) -> Result<T, ConfigError>
    where
        T: FromStr<Err: Display>,
    {
        parse(variable, &self.required(variable, purpose)?)
    }
}

fn parse<T: FromStr<Err: Display>>(variable: &str, text: &str) -> Result<T, ConfigError> {
    text.trim().parse().map_err(|error: T::Err| ConfigError {
        variable: variable.to_owned(),
        problem: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_absent() {
        let env = Env::of([("LIMIT", "")]);
        assert_eq!(env.parsed_or("LIMIT", 7), Ok(7));
    }

    #[test]
    fn an_error_names_the_variable_and_not_its_value() {
        let env = Env::of([("LIMIT", "s3cret")]);
        let error = env.parsed_or("LIMIT", 7).expect_err("not a number");
        assert_eq!(
            error.to_string(),
            "environment variable LIMIT: invalid digit found in string"
        );
    }

    #[test]
    fn a_missing_variable_says_what_it_is_for() {
        let error = Env::of([]).required("TRACE_QUEUE_URL", "the URL of the trace queue");
        assert_eq!(
            error.expect_err("absent").to_string(),
            "environment variable TRACE_QUEUE_URL: is not set; it holds the URL of the trace queue"
        );
    }
}
