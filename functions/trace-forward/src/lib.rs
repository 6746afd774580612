//! Forwards queued lines to Firehose in full batches and loses nothing.
//!
//! Data flows one way:
//!
//! | module | turns | into |
//! |---|---|---|
//! | [`batch`], [`message`], [`ndjson`] | an SQS event | messages of a stream, and dead letters |
//! | [`record`], [`pack`] | messages | Firehose records, each knowing its messages |
//! | [`lane`], [`retry`], [`window`], [`ledger`] | one stream's records | calls, retries, an outcome for each record |
//! | [`deliver`] | lanes | calls in flight, until all is done or time is up |
//! | [`trail`] | messages | the requests that they came with |
//! | [`handler`], [`summary`] | all of that | the batch answer and one log line |
//!
//! [`firehose`] and [`dead_letter`] are the only modules that know an AWS client.

pub mod batch;
pub mod config;
pub mod dead_letter;
pub mod deliver;
pub mod error;
pub mod firehose;
pub mod handler;
pub mod lane;
pub mod ledger;
pub mod message;
mod metrics;
pub mod ndjson;
pub mod pack;
pub mod record;
pub mod retry;
pub mod summary;
pub mod trail;
pub mod window;

use shared::{aws, config::Env, metrics::Metrics, transport::Transport, warmup::WarmUp};

use crate::{
    config::Config, dead_letter::DeadLetterQueue, error::ForwardError, firehose::Firehose, handler::Forwarder,
};

/// The function with its AWS clients, configured from the environment.
pub async fn from_env(
    env: &Env,
    metrics: &Metrics,
) -> Result<Forwarder<Firehose, DeadLetterQueue>, ForwardError> {
    let config = Config::from_env(env)?;
    let warm_up = WarmUp::from_env(env)?;
    let transport = Transport::from_env(env, config.timeouts)?;
    let sdk = aws::sdk_config(env, &transport, config.timeouts)?;
    let delivery = Firehose::new(aws_sdk_firehose::Client::new(&sdk));
    let metrics = &metrics.counting(transport.clients());
    let dead_letters = DeadLetterQueue::new(
        aws_sdk_sqs::Client::new(&sdk),
        config.dead_letter_queue_url,
        transport.clients(),
    );
    let pings = [delivery.ping(&config.streams.traces), dead_letters.ping()];
    warm_up.run(&pings).await.record(metrics);
    drop(pings);
    Ok(Forwarder::new(
        delivery,
        dead_letters,
        config.streams,
        config.policy,
        metrics.clone(),
    ))
}
