//! A rider's best run sheet, in VROOM's words.
//!
//! A request flows one way: [`handler`] lets it in, [`request`] reads it, [`case`]
//! checks it as a whole ([`rider`], [`order`]s, [`places`], and [`progress`], what
//! the recorded actions say). [`plan`] is what is left to be done as the solver's
//! problem, [`hindsight`] what was done; [`search`] solves both on a thread of its
//! own while [`recorder`] writes the actions to the stream. [`sheet`] and
//! [`response`] put the result into VROOM's words.

pub mod case;
pub mod config;
pub mod error;
pub mod handler;
pub mod hindsight;
mod log;
mod metrics;
pub mod order;
pub mod places;
pub mod plan;
pub mod progress;
pub mod record;
pub mod recorder;
pub mod rehearsal;
pub mod request;
pub mod response;
pub mod rider;
pub mod search;
pub mod sheet;
pub mod time;
pub mod value;
pub mod ways;
mod weights;

use std::time::SystemTime;

use lambda_http::Error;
use shared::{
    aws, config::Env, envelope::Stream, lines::SqsLineQueue, metrics::Metrics, transport::Transport,
    warmup::WarmUp,
};

use crate::{config::Config, handler::Actions};

/// The function with its real clients, as the environment describes it.
///
/// # Errors
/// When a variable is missing or wrong; the error names it.
pub async fn from_env(env: &Env, metrics: &Metrics) -> Result<Actions<SqsLineQueue>, Error> {
    with_clock(env, metrics, SystemTime::now).await
}

/// The same, on another wall clock: by it a connection's rest is told.
///
/// # Errors
/// As [`from_env`].
pub async fn with_clock(
    env: &Env,
    metrics: &Metrics,
    clock: impl Fn() -> SystemTime + Send + Sync + 'static,
) -> Result<Actions<SqsLineQueue>, Error> {
    let config = Config::from_env(env)?;
    let warm_up = WarmUp::from_env(env)?;
    let timeouts = config.timeouts();
    let transport = Transport::with_clock(env, timeouts, clock)?;
    let sdk = aws::sdk_config(env, &transport, timeouts)?;
    let client = aws_sdk_sqs::Client::new(&sdk);
    let queue =
        SqsLineQueue::new(client, config.queue_url.clone(), Stream::Actions).counted_by(transport.clients());
    let metrics = &metrics.counting(transport.clients());
    // Written to while the search goes on.
    let record = queue.ping().per_answer(recorder::CONNECTIONS).overlapped();
    let pings = [record, rehearsal::ping(config.memory)];
    warm_up.run(&pings).await.record(metrics);
    drop(pings);
    Ok(Actions::new(
        &config,
        queue,
        search::solve,
        jiff::Timestamp::now,
        metrics.clone(),
    ))
}
