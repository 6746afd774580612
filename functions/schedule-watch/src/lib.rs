//! Looks whether lessons opened, alerts and replays when they did not, and audits
//! each day.
//!
//! It asks the data, not the publisher: lessons that should be open and are not.
//!
//! | module | turns | into |
//! |---|---|---|
//! | [`event`] | the function's payload | a slot to watch, or a day to audit |
//! | [`looks`], [`sight`] | a slot | what is overdue, and how far its publisher is |
//! | [`watch`] | a wake | looks at the slot's begin, and whenever lessons open later in it |
//! | [`act`] | what was seen | a replay that is asked for, and whatever people have to know |
//! | [`incident`], [`notices`] | what is wrong | one incident from its begin to its end, each channel told once |
//! | [`outage`] | a database that fails | the same, remembered here |
//! | [`message`], [`tell`] | what happened | words, on every channel |
//! | [`handler`], [`answer`] | all of that | the answer |
//!
//! [`sns`], [`slack`], [`parameter`] and [`replay`] are the only modules that know
//! a client; SQL is [`lessons`]' alone.

mod act;
mod acted;
pub mod answer;
pub mod clock;
pub mod config;
pub mod error;
pub mod event;
pub mod handler;
pub mod incident;
pub mod looks;
pub mod message;
mod metrics;
pub mod notices;
pub mod outage;
pub mod parameter;
pub mod persist;
pub mod replay;
pub mod sight;
pub mod slack;
pub mod sns;
pub mod tables;
pub mod tell;
mod watch;

use aws_types::SdkConfig;
use lessons::{Database, TableCheck};
use shared::{aws, config::Env, metrics::Metrics, transport::Transport, warmup::WarmUp};

use crate::{
    clock::SystemClock,
    config::{Config, Slack, TIMEOUTS},
    error::WatchError,
    handler::Watcher,
    message::Words,
    parameter::Parameter,
    replay::PublishFunction,
    slack::{Webhook, WebhookUrl},
    sns::Topic,
    tell::{Channels, Messenger},
};

/// The function with its clients, configured from the environment.
///
/// # Errors
/// When a variable is wrong, or the tables are of another version. A database
/// that cannot be reached is no reason not to start: people have to be told.
pub async fn from_env(
    env: &Env,
    metrics: &Metrics,
) -> Result<Watcher<Database, PublishFunction, SystemClock>, WatchError> {
    let config = Config::from_env(env)?;
    let warm_up = WarmUp::from_env(env)?;
    let transport = Transport::from_env(env, TIMEOUTS)?;
    let metrics = &metrics.counting(transport.clients());
    let sdk = aws::sdk_config(env, &transport, TIMEOUTS)?;
    let database = Database::from_env(env)?;
    let client = aws_sdk_lambda::Client::new(&sdk);
    let publisher = PublishFunction::new(client, config.publish_function.clone());
    let channels = channels(&config, &sdk, &transport);

    let tables = TableCheck::default();
    let mut pings = channels.pings();
    pings.extend([tables.ping(&database), publisher.ping()]);
    warm_up.run(&pings).await.record(metrics);
    drop(pings);
    tables.outcome()?;

    Ok(Watcher::new(
        database,
        publisher,
        channels,
        Words::new(config.runbook_url),
        SystemClock,
        metrics.clone(),
    ))
}

fn channels(config: &Config, sdk: &SdkConfig, transport: &Transport) -> Channels {
    let mut all: Vec<Box<dyn Messenger>> = Vec::new();
    if let Some(arn) = &config.alert_topic_arn {
        all.push(Box::new(Topic::new(aws_sdk_sns::Client::new(sdk), arn.clone())));
    }
    if let Some(slack) = &config.slack {
        let url = match slack {
            Slack::Url(url) => WebhookUrl::Given(url.clone()),
            Slack::Parameter(name) => {
                WebhookUrl::Stored(Parameter::new(aws_sdk_ssm::Client::new(sdk), name.clone()))
            }
        };
        all.push(Box::new(Webhook::new(url, transport.clone(), TIMEOUTS.attempt)));
    }
    if all.is_empty() {
        tracing::warn!(
            "nobody will be told: set ALERT_TOPIC_ARN, SLACK_WEBHOOK_PARAMETER or SLACK_WEBHOOK_URL"
        );
    }
    Channels::new(all)
}
