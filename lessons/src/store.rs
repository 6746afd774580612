//! What is done with the tables, as verbs.

mod audit;
mod by_id;
mod fire;
mod incident;
mod lease;
mod lessons;
mod link;
mod run;
mod seen;
mod sql;
mod types;
mod watching;

use async_trait::async_trait;
use jiff::Timestamp;
use std::time::Duration;

pub use audit::Audit;
pub use incident::{Channel, Incident, IncidentKind, Notice};
pub use link::{Linkable, Moved, Setting};
pub use run::{Figures, Report, RunState, Trigger};
pub use seen::Seen;
pub use sql::SqlStore;
pub use types::{Chunk, Due, Overdue, SlotReport, Take, Term};

use crate::database::Database;
use crate::error::StoreError;
use crate::time::Slot;

/// The tables behind one connection. One implementation serves both databases;
/// the contract tests run on each.
///
/// Every verb fails with a [`StoreError`]; after one that
/// [is transient](StoreError::is_transient) a new connection may do better.
/// All but [`StoreError::Busy`] leave the connection unusable.
#[async_trait]
pub trait Store: Send {
    /// The database's clock, no later than it really is.
    async fn now(&mut self) -> Result<Timestamp, StoreError>;

    // Runs and their lease.

    /// The run of this trigger, made now if there is none; twice is once.
    async fn open_run(&mut self, trigger: &Trigger) -> Result<i64, StoreError>;
    /// Makes `holder` the one who publishes, for `lease` from now, if nobody does
    /// or it did itself. The term is one more than the last, whoever had that.
    async fn take(&mut self, run: i64, holder: &str, lease: Duration) -> Result<Take, StoreError>;
    /// Prolongs an unexpired lease to `lease` from now; `false` when it is lost.
    async fn renew(&mut self, run: i64, holder: &str, lease: Duration) -> Result<bool, StoreError>;
    /// Writes down how far the run is; `false` when another has the newest term.
    async fn record(&mut self, term: &Term, state: RunState, figures: &Figures) -> Result<bool, StoreError>;
    /// What the run has come to.
    async fn report(&mut self, run: i64) -> Result<Report, StoreError>;

    /// Runs whose slot and whose lease both ended before `before`, and that did not.
    async fn abandoned(&mut self, before: Timestamp) -> Result<Vec<i64>, StoreError>;

    // Lessons.

    /// The lessons that open in `slot` and have not, in order of instant and id.
    async fn due(&mut self, slot: Slot) -> Result<Vec<Due>, StoreError>;
    /// At most `limit` lessons that should have opened from `from` to before
    /// `before`, oldest first.
    async fn overdue(
        &mut self,
        from: Timestamp,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Due>, StoreError>;
    /// Opens the lessons of `chunk` that are still scheduled for its instant and
    /// that nobody has locked, if that instant has come and `term` is the newest of
    /// its run; answers how many. One statement, one commit.
    async fn fire(&mut self, term: &Term, chunk: &Chunk) -> Result<u64, StoreError>;
    /// The instants of `span` at which lessons open that have not, and how many.
    async fn instants(&mut self, span: Slot) -> Result<Vec<(Timestamp, u64)>, StoreError>;
    /// How many lessons of `slot` this run has opened.
    async fn opened(&mut self, run: i64, slot: Slot) -> Result<u64, StoreError>;
    /// Begin of the earliest slot that somebody is publishing now, `except` one run's.
    async fn earliest_live(&mut self, except: i64) -> Result<Option<Timestamp>, StoreError>;

    // Linking.

    /// All enabled settings.
    async fn settings(&mut self) -> Result<Vec<Setting>, StoreError>;
    /// What linking has seen so far.
    async fn seen(&mut self) -> Result<Seen, StoreError>;
    /// The highest id of a lesson; 0 if there is none.
    async fn newest(&mut self) -> Result<i64, StoreError>;
    /// Centres of lessons with a higher id than `after`, up to `newest`, that have
    /// not begun at `now` and were never linked.
    async fn added(&mut self, after: i64, newest: i64, now: Timestamp) -> Result<Vec<i64>, StoreError>;
    /// Writes down the digest of the settings that a centre was linked with.
    async fn mark_center(&mut self, center: i64, settings: &str) -> Result<(), StoreError>;
    /// Writes down that all lessons up to this one that could be seen were linked.
    async fn mark_newest(&mut self, lesson: i64) -> Result<(), StoreError>;
    /// Scheduled lessons of `slot` whose instant came from a setting.
    async fn linked(&mut self, slot: Slot) -> Result<Vec<Linkable>, StoreError>;
    /// At most `limit` scheduled lessons of a centre that start in `starts`, in
    /// order of start and id, from the one after `after` on.
    async fn of_center(
        &mut self,
        center: i64,
        starts: Slot,
        after: Option<&Linkable>,
        limit: usize,
    ) -> Result<Vec<Linkable>, StoreError>;
    /// Moves linked lessons of one instant, or those without one that never were
    /// linked, to another or to none; those that somebody has locked are left.
    async fn relink(
        &mut self,
        ids: &[i64],
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Moved, StoreError>;

    // Watching.

    /// How many lessons should have opened before `before` and have not.
    async fn overdue_count(&mut self, before: Timestamp) -> Result<Overdue, StoreError>;
    /// The first instant from `from` to before `before` at which a lesson that has
    /// not opened is to.
    async fn next_due(&mut self, from: Timestamp, before: Timestamp)
    -> Result<Option<Timestamp>, StoreError>;
    /// Whether a replay that `by` asked for is under way.
    async fn is_replaying(&mut self, by: &str) -> Result<bool, StoreError>;
    /// How far the publisher of a slot is; `None` if none has reported.
    async fn slot_report(&mut self, begin: Timestamp) -> Result<Option<SlotReport>, StoreError>;
    /// Whether any publisher has planned a slot that begins in `span`.
    async fn has_reported(&mut self, span: Slot) -> Result<bool, StoreError>;
    /// The open incident and the past day's others, newest first.
    async fn incidents(&mut self) -> Result<Vec<Incident>, StoreError>;
    /// Opens an incident, or brings the open one up to date; answers whether it
    /// opened one.
    async fn raise(
        &mut self,
        kind: IncidentKind,
        slot: Timestamp,
        overdue: Overdue,
    ) -> Result<bool, StoreError>;
    /// The incident is over; `false` when it had been already.
    async fn close_incident(&mut self, id: i64) -> Result<bool, StoreError>;
    /// A channel has taken a notice.
    async fn notified(&mut self, id: i64, channel: Channel, notice: Notice) -> Result<(), StoreError>;
    /// A replay was asked for; `false` when it had been already.
    async fn replayed(&mut self, id: i64) -> Result<bool, StoreError>;
    /// How the lessons fared that were to open from `from` to before `to`; up to
    /// `on_time` after the instant counts as on time.
    async fn audit(&mut self, from: Timestamp, to: Timestamp, on_time: Duration)
    -> Result<Audit, StoreError>;
}

/// A way to open stores, each on a connection of its own.
#[async_trait]
pub trait Stores: Clone + Send + Sync + 'static {
    /// What it opens.
    type Store: Store + 'static;

    /// Opens a store.
    async fn open(&self) -> Result<Self::Store, StoreError>;
}

#[async_trait]
impl Stores for Database {
    type Store = SqlStore;

    async fn open(&self) -> Result<SqlStore, StoreError> {
        self.store().await
    }
}
