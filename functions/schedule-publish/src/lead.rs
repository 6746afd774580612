//! The holder of a slot's lease: link, plan, hold, fire, look again, sweep, record.

mod end;
mod fire;
mod linking;
mod look;
mod sweep;

use std::collections::HashSet;
use std::time::Duration;

use lessons::store::{Due, Figures, RunState, Stores, Term};
use lessons::time::Slot;
use lessons::{Store as _, StoreError, within};
use tokio::time::{Instant, sleep_until};

use crate::config::Config;
use crate::crew::Crew;
use crate::error::PublishError;
use crate::keeper::{Keeper, Lease, Pace};
use crate::volley::PROMPTLY;
use lessons::clock::{DatabaseClock, ahead};
use linking::Linking;

/// What is due within this long of the next instant is handed out with it: each
/// connection waits for its own chunk's instant by itself.
const AHEAD: Duration = Duration::from_millis(250);
/// The crew is connected and idle for no longer than this before the slot begins.
const CONNECT_BEFORE: Duration = Duration::from_secs(15);
/// Recovery of earlier slots' lessons leaves this much to the slot's own.
const SWEEP_LEAVES: Duration = Duration::from_secs(5);
const SAMPLES: usize = 3;
/// Long before the slot, for the first look at a large table.
const AT_LEISURE: Duration = Duration::from_secs(10);

/// How leading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The run is done.
    Done {
        /// The longest that a statement which waited for its instant was sent after it.
        hold_error: Option<Duration>,
    },
    /// The lease is lost, or another has a newer term.
    Lost,
}

/// A held slot.
pub struct Lead<S: Stores> {
    stores: S,
    config: Config,
    slot: Slot,
    term: Term,
    clock: DatabaseClock,
    keeper: Option<Keeper>,
    lease: Lease,
    crew: Crew<S>,
    state: RunState,
    figures: Figures,
    /// Lessons that this holder has found due, to count each once.
    planned: HashSet<i64>,
    hold_error: Option<Duration>,
}

impl<S: Stores> Lead<S> {
    /// `term`'s holder, by the clock that it measured.
    pub fn new(stores: S, config: Config, slot: Slot, term: Term, clock: DatabaseClock) -> Self {
        Self {
            crew: Crew::new(stores.clone(), config.connections),
            stores,
            config,
            slot,
            term,
            clock,
            keeper: None,
            lease: Lease::endless(),
            state: RunState::Waiting,
            figures: Figures::default(),
            planned: HashSet::new(),
            hold_error: None,
        }
    }

    /// Renews the lease that was `taken` by `holder`, on `renewer` if that is open.
    pub fn keeping(
        mut self,
        holder: &str,
        renewer: Option<S::Store>,
        taken: Instant,
        pace: Pace,
        near: Instant,
    ) -> Self {
        let (stores, run) = (self.stores.clone(), self.term.run);
        let keeper = Keeper::start(stores, renewer, run, holder.to_owned(), taken, pace, near);
        self.lease = keeper.lease().clone();
        self.keeper = Some(keeper);
        self
    }

    /// Goes on from what earlier holders have done.
    pub fn after(mut self, state: RunState, figures: Figures) -> Self {
        self.state = state;
        self.figures = figures;
        self
    }

    /// Publishes the slot to its end.
    ///
    /// # Errors
    /// When `store`'s connection breaks, or all of the crew's.
    pub async fn run(mut self, store: &mut S::Store, until: Instant) -> Result<Ended, PublishError> {
        self.figures.clock_offset_ms = Some(self.clock.offset_ms());
        let mut linking = self.prepare(store).await?;
        let mut looked = Duration::ZERO;
        loop {
            let began = Instant::now();
            let due = within(self.limit(looked), store.due(self.slot)).await?;
            looked = began.elapsed();
            self.note(&due);
            if self.state < RunState::Planned && !self.record(store, RunState::Planned).await? {
                return Ok(Ended::Lost);
            }
            if !self.lease.holds() {
                return Ok(Ended::Lost);
            }
            let over = self.clock.now() >= self.slot.end;
            if over && due.is_empty() && !linking.has_ended() {
                linking.until_the_end(until).await;
                continue;
            }
            if Instant::now() >= until || (over && due.is_empty()) {
                return self.finish(store, due.len(), until).await;
            }
            let next = look::next(&self.clock, self.slot, due.first(), looked);
            if !next.fire && self.left() <= CONNECT_BEFORE {
                self.crew.connect(self.config.connections.get()).await?;
            }
            if next.fire {
                if !self.volley(store, &due).await? {
                    return Ok(Ended::Lost);
                }
            } else {
                self.wait(store, next.at.min(until)).await?;
            }
        }
    }

    /// What can be done before the instant, as far as there is time.
    async fn prepare(&mut self, store: &mut S::Store) -> Result<Linking, PublishError> {
        let begin = self.clock.when(self.slot.begin);
        // Also after another holder: nobody knows how far that one's came.
        let mut linking = Linking::start(self.stores.clone(), self.slot, self.clock);
        if self.left() > CONNECT_BEFORE {
            self.sweep(store, begin - SWEEP_LEAVES).await?;
            // Idle until the instant, the server would have ended its connections.
            self.crew = Crew::new(self.stores.clone(), self.config.connections);
        }
        linking.before_the_slot(store).await?;
        Ok(linking)
    }

    /// Until the slot begins, by the database's clock.
    fn left(&self) -> Duration {
        ahead(self.slot.begin, self.clock.now())
    }

    /// For one question: a healthy wake stands by, and takes over only where this one
    /// says that its connection is lost.
    fn limit(&self, looked: Duration) -> Duration {
        match self.left() > CONNECT_BEFORE {
            true => AT_LEISURE,
            false => PROMPTLY.max(looked * 10),
        }
    }

    async fn measure(&mut self, store: &mut S::Store) -> Result<(), StoreError> {
        let measuring = DatabaseClock::measure(store, SAMPLES);
        self.clock = within(PROMPTLY, measuring).await?;
        Ok(())
    }

    /// Waits for the next look. During the slot there is time for what should be
    /// open already: lessons that were added with an instant in the past.
    async fn wait(&mut self, store: &mut S::Store, next: Instant) -> Result<(), PublishError> {
        if self.left().is_zero()
            && let Some(stop) = next.checked_sub(AHEAD)
        {
            self.sweep(store, stop).await?;
        }
        sleep_until(next).await;
        self.measure(store).await?;
        Ok(())
    }

    fn note(&mut self, due: &[Due]) {
        self.planned.extend(due.iter().map(|due| due.id));
        self.figures.planned = self.figures.planned.max(self.planned.len() as u64);
    }

    async fn record(&mut self, store: &mut S::Store, state: RunState) -> Result<bool, StoreError> {
        self.state = state;
        within(PROMPTLY, store.record(&self.term, state, &self.figures)).await
    }
}
