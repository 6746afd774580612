//! One invocation, from the event to the answer.

use lessons::store::Stores;
use serde_json::{Map, Value};
use shared::metrics::Metrics;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::config::Config;
use crate::error::PublishError;
use crate::event::Event;
use crate::{metrics, replay, wake};

/// The function, on whatever opens stores.
#[derive(Debug, Clone)]
pub struct Publisher<S> {
    stores: S,
    config: Config,
    metrics: Metrics,
}

impl<S: Stores> Publisher<S> {
    /// The function, ready for events.
    pub fn new(stores: S, config: Config, metrics: Metrics) -> Self {
        Self {
            stores,
            config,
            metrics,
        }
    }

    /// Publishes what the event says. `request` is the same for an event that
    /// comes again.
    ///
    /// # Errors
    /// When the event makes no sense, or the database could not be used until
    /// the end of the invocation. Each is logged here, once.
    pub async fn handle(
        &self,
        event: Map<String, Value>,
        request: &str,
        deadline: Instant,
    ) -> Result<Answer, PublishError> {
        let until = deadline
            - self
                .config
                .margin
                .min(deadline.duration_since(Instant::now()) / 2);
        let answered = match Event::read(event) {
            Ok(Event::Slot(slot)) => wake::publish(&self.stores, self.config, slot, until)
                .await
                .map(Answer::Slot),
            Ok(Event::Replay(replay)) => {
                replay::run(&self.stores, self.config, &replay, request, until).await
            }
            Err(error) => Err(error),
        };
        metrics::record(&self.metrics, &answered);
        answered.inspect_err(|error| error.log())
    }
}
