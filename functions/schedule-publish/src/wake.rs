//! One wake of a slot: publish it, or stand by while the other wake does.

use std::time::Duration;

use lessons::store::{Report, Stores, Take, Trigger};
use lessons::time::Slot;
use lessons::{Store as _, StoreError, within};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::answer::SlotAnswer;
use crate::config::Config;
use crate::error::PublishError;
use crate::keeper::{FAR, NEAR, Pace};
use crate::lead::{Ended, Lead};
use crate::retry::retry;
use crate::volley::PROMPTLY;
use lessons::clock::DatabaseClock;

/// This long before a slot begins, whoever stands by looks ten times a second,
/// and leases are short.
pub const NEAR_BEFORE: Duration = Duration::from_secs(10);
const FAR_LOOK: Duration = Duration::from_secs(1);
const NEAR_LOOK: Duration = Duration::from_millis(100);
const SAMPLES: usize = 5;

/// Takes part in publishing `slot` until it is done, or until `until`.
///
/// # Errors
/// When the slot is out of reach, or the last thing that the database said when
/// the time was over.
pub async fn publish<S: Stores>(
    stores: &S,
    config: Config,
    slot: Slot,
    until: Instant,
) -> Result<SlotAnswer, PublishError> {
    let wake = Wake {
        stores,
        config,
        slot,
        until,
        holder: Uuid::new_v4().to_string(),
    };
    retry(until, || wake.attend()).await
}

struct Wake<'a, S> {
    stores: &'a S,
    config: Config,
    slot: Slot,
    until: Instant,
    /// The same over all of this wake's connections, so that it need not wait for
    /// its own lease.
    holder: String,
}

impl<S: Stores> Wake<'_, S> {
    /// On one connection, and one for the lease, as long as the first lasts.
    async fn attend(&self) -> Result<SlotAnswer, PublishError> {
        let mut store = self.stores.open().await?;
        let mut for_lease = None;
        let clock = DatabaseClock::measure(&mut store, SAMPLES).await?;
        if clock.when(self.slot.begin) > self.until {
            return Err(PublishError::TooFarAhead {
                slot: self.slot.begin,
            });
        }
        let near = clock.when(self.slot.begin).checked_sub(NEAR_BEFORE);
        let near = near.unwrap_or_else(Instant::now);
        let run = store.open_run(&Trigger::Schedule(self.slot)).await?;
        loop {
            let pace = if Instant::now() < near { FAR } else { NEAR };
            // Near the instant a lease is over before a slow login is.
            if pace == NEAR && for_lease.is_none() {
                for_lease = within(PROMPTLY, self.stores.open()).await.ok();
            }
            let taken = Instant::now();
            match within(PROMPTLY, store.take(run, &self.holder, pace.lease)).await {
                Ok(Take::Done) => return Ok(SlotAnswer::of(store.report(run).await?, false)),
                Ok(Take::Held(term, state, figures)) => {
                    let lead = Lead::new(self.stores.clone(), self.config, self.slot, term, clock);
                    let lead = lead
                        .keeping(&self.holder, for_lease.take(), taken, pace, near)
                        .after(state, figures);
                    match lead.run(&mut store, self.until).await? {
                        Ended::Done { hold_error } => {
                            return Ok(self.done(store.report(run).await?, hold_error));
                        }
                        Ended::Lost => tracing::warn!(tag = "lost", run, term = term.number, "stepped down"),
                    }
                }
                Ok(Take::Busy(left)) => self.stand_by(left, pace, near).await,
                // The other one is taking it right now.
                Err(StoreError::Busy(_)) => self.stand_by(Duration::ZERO, pace, near).await,
                Err(error) => return Err(error.into()),
            }
            if Instant::now() >= self.until {
                let report = store.report(run).await?;
                tracing::warn!(slot = %self.slot.begin, "out of time while another wake publishes");
                return Ok(SlotAnswer::of(report, false));
            }
        }
    }

    fn done(&self, report: Report, hold_error: Option<Duration>) -> SlotAnswer {
        let figures = &report.figures;
        tracing::info!(
            run = report.run,
            slot = %report.slot,
            term = report.term,
            planned = figures.planned,
            published = figures.published,
            late = figures.late,
            recovered = figures.recovered,
            first_commit_late_ms = figures.first_commit_late_ms,
            last_commit_late_ms = figures.last_commit_late_ms,
            clock_offset_ms = figures.clock_offset_ms,
            hold_error_ms = hold_error.map(|error| error.as_secs_f64() * 1_000.0),
            "published"
        );
        SlotAnswer {
            hold_error,
            ..SlotAnswer::of(report, true)
        }
    }

    async fn stand_by(&self, left: Duration, pace: Pace, near: Instant) {
        let now = Instant::now();
        let look = match pace == FAR {
            true => FAR_LOOK.min(near.saturating_duration_since(now)),
            false => NEAR_LOOK,
        };
        // A lease that ends sooner is worth an earlier look.
        let look = look.min(left.max(Duration::from_millis(10)));
        sleep(look.min(self.until.saturating_duration_since(now))).await;
    }
}
