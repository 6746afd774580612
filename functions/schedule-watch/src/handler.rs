//! The function: an event in, an answer out, each failure logged once.

use std::time::Duration;

use lessons::{Store as _, StoreError, time::Slot};
use serde_json::{Map, Value};
use shared::metrics::Metrics;
use tokio::time::Instant;

use crate::{
    answer::{Answer, AuditAnswer},
    clock::Clock,
    error::WatchError,
    event::Event,
    message::Words,
    metrics,
    outage::Outages,
    replay::Replays,
    tables::Tables,
    tell::{Channels, Told},
};

/// An audit counts a lesson as on time up to this long after its instant.
pub const ON_TIME: Duration = Duration::from_secs(1);
/// Longest time for an audit's answer: Lambda would end the function without a
/// word.
const AUDIT: Duration = Duration::from_secs(60);

/// The function, on whatever holds the lessons, opens them and tells people.
pub struct Watcher<T, R, C> {
    pub(crate) tables: T,
    pub(crate) replays: R,
    pub(crate) channels: Channels,
    pub(crate) words: Words,
    pub(crate) clock: C,
    pub(crate) outages: Outages,
    metrics: Metrics,
}

impl<T: Tables, R: Replays, C: Clock> Watcher<T, R, C> {
    /// The function, ready for events.
    pub fn new(tables: T, replays: R, channels: Channels, words: Words, clock: C, metrics: Metrics) -> Self {
        Self {
            tables,
            replays,
            channels,
            words,
            clock,
            outages: Outages::default(),
            metrics,
        }
    }

    /// Watches a slot or audits a day, as the payload says.
    ///
    /// # Errors
    /// What is wrong with the event, or for an audit with the database. That the
    /// database or a channel is down while a slot is watched is no error: it is
    /// what there is to find out.
    pub async fn handle(&self, payload: Map<String, Value>, deadline: Instant) -> Result<Answer, WatchError> {
        let answer = match Event::read(payload) {
            Ok(Event::Slot(slot)) => self.watch(slot, deadline).await.map(Answer::Slot),
            Ok(Event::Audit(span)) => self.audit(span).await.map(Answer::Audit),
            Err(error) => Err(error),
        };
        metrics::record(&self.metrics, &answer);
        match &answer {
            Ok(answer) => answer.log(),
            Err(error) => error.log(),
        }
        answer
    }

    async fn audit(&self, span: Slot) -> Result<AuditAnswer, WatchError> {
        let auditing = async {
            let mut store = self.tables.open().await?;
            let audit = store.audit(span.begin, span.end, ON_TIME).await;
            self.tables.close(store).await;
            audit
        };
        let audit = self.clock.by(self.clock.now() + AUDIT, auditing).await;
        let audit =
            audit.unwrap_or_else(|| Err(StoreError::Lost("an audit had no answer in time".to_owned())))?;
        let told = match audit.missed + audit.late {
            0 => Told::default(),
            _ => self.channels.tell_all(&self.words.audit(span, &audit)).await,
        };
        told.problems.iter().for_each(WatchError::log);
        Ok(AuditAnswer {
            from: span.begin,
            to: span.end,
            audit,
            told: told.names(),
        })
    }
}
