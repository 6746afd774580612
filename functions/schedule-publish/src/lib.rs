//! Opens lessons on the dot: two wakes a slot, one fenced lease, every row once.
//!
//! Data flows one way:
//!
//! | module | turns | into |
//! |---|---|---|
//! | [`event`] | the function's payload | a slot to publish, or a replay |
//! | [`wake`] | a slot | a lease that is held, by this wake or by the other |
//! | [`link`] | a centre's settings | its lessons' instants |
//! | [`lead`] | a held lease | link, plan, hold, fire, look again, sweep, record |
//! | [`plan`] | what is due | chunks |
//! | [`crew`], [`volley`] | chunks | commits, each with its lateness |
//! | [`keeper`] | a lease | the same lease, as long as it can be renewed |
//! | [`retry`] | a database that went away | another attempt |
//! | [`replay`] | a span of time | what should have opened in it, open |
//! | [`handler`], [`answer`] | all of that | the answer |
//!
//! SQL is [`lessons`]' alone.

pub mod answer;
pub mod config;
pub mod crew;
pub mod error;
pub mod event;
pub mod handler;
pub mod keeper;
pub mod lead;
pub mod link;
mod metrics;
pub mod plan;
pub mod replay;
pub mod retry;
pub mod volley;
pub mod wake;

use lessons::{Database, TableCheck};
use shared::{config::Env, metrics::Metrics, warmup::WarmUp};

use crate::{config::Config, error::PublishError, handler::Publisher};

/// The function, configured from the environment, on tables that were checked.
///
/// # Errors
/// When a variable is wrong, or the tables are of another version. A database that
/// cannot be reached now may be there when the slot begins.
pub async fn from_env(env: &Env, metrics: &Metrics) -> Result<Publisher<Database>, PublishError> {
    let config = Config::from_env(env)?;
    let warm_up = WarmUp::from_env(env)?;
    let database = Database::from_env(env)?;
    let tables = TableCheck::default();
    warm_up.run(&[tables.ping(&database)]).await.record(metrics);
    tables.outcome()?;
    Ok(Publisher::new(database, config, metrics.clone()))
}
