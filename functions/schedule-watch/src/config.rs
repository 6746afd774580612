//! What the environment sets, checked once in the init phase.

use std::time::Duration;

use secrecy::SecretString;
use shared::{
    aws::CallTimeouts,
    config::{ConfigError, Env},
};

/// Time-outs of each call to SNS, SSM, Slack and Lambda: short, since a few
/// attempts have to fit into a wake.
pub const TIMEOUTS: CallTimeouts = CallTimeouts {
    connect: Duration::from_secs(1),
    attempt: Duration::from_secs(2),
    patience: Duration::from_secs(1),
};

/// The whole configuration, but for the database's.
#[derive(Debug, Clone)]
pub struct Config {
    /// The publisher's name or ARN.
    pub publish_function: String,
    /// The page that messages link to.
    pub runbook_url: String,
    /// The alert topic's ARN, if there is one.
    pub alert_topic_arn: Option<String>,
    /// Where the Slack webhook's URL is, if there is one.
    pub slack: Option<Slack>,
}

/// Where the Slack webhook's URL is.
#[derive(Debug, Clone)]
pub enum Slack {
    /// In `SLACK_WEBHOOK_URL`.
    Url(SecretString),
    /// In the SSM parameter of this name.
    Parameter(String),
}

impl Config {
    /// Reads and checks the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let publish_function = env.required("PUBLISH_FUNCTION", "the name or ARN of schedule-publish")?;
        let runbook_url = env.required("RUNBOOK_URL", "the runbook's URL, which messages link to")?;
        let slack = match env.optional("SLACK_WEBHOOK_URL") {
            Some(url) => Some(Slack::Url(checked("SLACK_WEBHOOK_URL", url, is_url, URL)?.into())),
            None => env.optional("SLACK_WEBHOOK_PARAMETER").map(Slack::Parameter),
        };
        Ok(Self {
            publish_function,
            runbook_url: checked(
                "RUNBOOK_URL",
                runbook_url,
                |url| is_url(url) && !url.contains('#'),
                "is no https://… or http://… URL without #: messages add the section",
            )?,
            alert_topic_arn: env
                .optional("ALERT_TOPIC_ARN")
                .map(|arn| {
                    checked(
                        "ALERT_TOPIC_ARN",
                        arn,
                        is_topic,
                        "is no topic's ARN, arn:aws:sns:…",
                    )
                })
                .transpose()?,
            slack,
        })
    }
}

const URL: &str = "is no https://… or http://… URL";

/// Whether `text` looks like the URL of a web server.
pub(crate) fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_graphic()))
}

fn is_topic(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    matches!(parts[..], ["arn", _, "sns", _, _, name] if !name.is_empty())
}

fn checked(
    variable: &str,
    value: String,
    right: impl Fn(&str) -> bool,
    problem: &str,
) -> Result<String, ConfigError> {
    right(&value).then_some(value).ok_or_else(|| ConfigError {
        variable: variable.to_owned(),
        problem: problem.to_owned(),
    })
}

#[cfg(test)]
mod tests;
