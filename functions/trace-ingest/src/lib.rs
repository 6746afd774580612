//! Phones post locations; the answer means that they are safe in SQS.
//!
//! A request flows one way: [`handler`] lets it in, [`dialect`] turns what the client
//! speaks into [`trace`]s made of checked [`value`]s, [`shared::lines`] makes them
//! durable while [`newest`] tells live readers, and the dialect says how the client
//! wants to hear about it.

pub mod answer;
pub mod config;
pub mod dialect;
pub mod error;
pub mod handler;
pub mod json;
mod log;
mod metrics;
pub mod newest;
pub mod trace;
pub mod value;

use lambda_http::Error;
use shared::{
    aws::{self, CallTimeouts},
    config::Env,
    envelope::Stream,
    lines::SqsLineQueue,
    metrics::Metrics,
    transport::{Transport, ca_bundle},
    warmup::WarmUp,
};

use crate::{config::Config, handler::Ingest, newest::ValkeyNewest};

/// The function with its real clients, as the environment describes it.
///
/// # Errors
/// When a variable is missing or wrong; the error names it.
pub async fn from_env(env: &Env, metrics: &Metrics) -> Result<Ingest<SqsLineQueue, ValkeyNewest>, Error> {
    let config = Config::from_env(env)?;
    let warm_up = WarmUp::from_env(env)?;
    let timeouts = CallTimeouts::default();
    let transport = Transport::from_env(env, timeouts)?;
    let sdk = aws::sdk_config(env, &transport, timeouts)?;
    let client = aws_sdk_sqs::Client::new(&sdk);
    let metrics = &metrics.counting(transport.clients());
    let queue =
        SqsLineQueue::new(client, config.queue_url.clone(), Stream::Traces).counted_by(transport.clients());
    let newest = match &config.valkey_url {
        Some(url) => Some(ValkeyNewest::new(url, ca_bundle(env)?)?),
        None => None,
    };
    let pings: Vec<_> = [queue.ping()]
        .into_iter()
        .chain(newest.as_ref().map(ValkeyNewest::ping))
        .collect();
    warm_up.run(&pings).await.record(metrics);
    drop(pings);
    Ok(Ingest::new(
        &config,
        queue,
        newest,
        jiff::Timestamp::now,
        metrics.clone(),
    ))
}
