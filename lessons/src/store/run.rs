//! Runs: one for each slot, one for each replay.

use jiff::Timestamp;
use serde::Serialize;

use super::types::Term;
use crate::connection::{Connection, Value};
use crate::error::StoreError;
use crate::time::{self, Slot};

/// What makes a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// A schedule, for its slot.
    Schedule(Slot),
    /// A person, or the watcher.
    Replay {
        /// Lessons that should have opened in it.
        span: Slot,
        /// The same for the repetitions of one request.
        request: String,
        /// Who asked.
        by: String,
        /// Why.
        reason: String,
    },
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It is there.
    Waiting,
    /// Lessons are linked; it knows what to open.
    Planned,
    /// What was due so far is open.
    Published,
    /// It has ended.
    Done,
}

impl RunState {
    pub(super) fn as_text(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Planned => "planned",
            Self::Published => "published",
            Self::Done => "done",
        }
    }

    pub(super) fn from_text(text: &str) -> Result<Self, StoreError> {
        let all = [Self::Waiting, Self::Planned, Self::Published, Self::Done];
        all.into_iter()
            .find(|state| state.as_text() == text)
            .ok_or_else(|| StoreError::Unreadable(format!("`{text}` is no state of a run")))
    }
}

/// What a run has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Lessons that were to open in its slot when it fired.
    pub planned: u64,
    /// Lessons that it opened, of other slots too.
    pub published: u64,
    /// Of these, those that opened more than 5 s after their instant.
    pub late: u64,
    /// Of these, those of earlier slots.
    pub recovered: u64,
    /// The slot's first commit after its lessons' instant, in ms.
    pub first_commit_late_ms: Option<i64>,
    /// The slot's last commit after its lessons' instant, in ms.
    pub last_commit_late_ms: Option<i64>,
    /// The database's clock minus the publisher's, in ms.
    pub clock_offset_ms: Option<i64>,
}

/// A run as the tables have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// `publish_run.id`.
    pub run: i64,
    /// Begin of its slot, or of its replay's span.
    pub slot: Timestamp,
    /// End of its replay's span.
    pub replay_to: Option<Timestamp>,
    /// How far it is.
    pub state: RunState,
    /// How many holders it has had.
    pub term: i64,
    /// What it has done.
    pub figures: Figures,
}

pub(super) async fn open(connection: &mut Connection, trigger: &Trigger) -> Result<i64, StoreError> {
    let dialect = connection.dialect();
    let (name, key, span, to, by, reason) = match trigger {
        Trigger::Schedule(slot) => ("schedule", time::to_text(slot.begin), slot, None, None, None),
        Trigger::Replay {
            span,
            request,
            by,
            reason,
        } => (
            "replay",
            request.clone(),
            span,
            Some(span.end),
            Some(by.as_str()),
            Some(reason.as_str()),
        ),
    };
    let existing = "SELECT id FROM publish_run WHERE `trigger` = ? AND trigger_key = ?";
    let which = [name.into(), Value::Text(key.clone())];
    if let Some(row) = connection.rows(existing, &which).await?.first() {
        return row.int(0);
    }
    let insert = format!(
        "{} INTO publish_run (slot, replay_to, `trigger`, trigger_key, state, requested_by, reason, started_at) \
         VALUES (?, ?, ?, ?, 'waiting', ?, ?, {})",
        dialect.insert_ignore, dialect.now
    );
    let values = [
        span.begin.into(),
        to.into(),
        name.into(),
        Value::Text(key),
        by.into(),
        reason.into(),
    ];
    connection.execute(&insert, &values).await?;
    let rows = connection.rows(existing, &which).await?;
    let missing = || StoreError::Lost("a run that was just made is not there".to_owned());
    rows.first().ok_or_else(missing)?.int(0)
}

pub(super) async fn record(
    connection: &mut Connection,
    term: &Term,
    state: RunState,
    figures: &Figures,
) -> Result<bool, StoreError> {
    let now = connection.dialect().now;
    let sql = format!(
        "UPDATE publish_run SET state = ?, planned = ?, published = ?, late = ?, recovered = ?, \
         first_commit_late_ms = ?, last_commit_late_ms = ?, clock_offset_ms = ?, \
         finished_at = CASE WHEN ? = 'done' THEN {now} ELSE NULL END \
         WHERE id = ? AND term = ? AND state <> 'done'"
    );
    let count = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let values = [
        state.as_text().into(),
        count(figures.planned),
        count(figures.published),
        count(figures.late),
        count(figures.recovered),
        figures.first_commit_late_ms.into(),
        figures.last_commit_late_ms.into(),
        figures.clock_offset_ms.into(),
        state.as_text().into(),
        term.run.into(),
        term.number.into(),
    ];
    Ok(connection.execute(&sql, &values).await? == 1)
}

/// A fail-over to a replica that lagged can lose a run: it has to be opened again.
pub(super) fn gone(run: i64) -> StoreError {
    StoreError::Lost(format!("there is no run {run} any more"))
}

pub(super) async fn report(connection: &mut Connection, run: i64) -> Result<Report, StoreError> {
    let sql = "SELECT CAST(slot AS CHAR), state, term, planned, published, late, recovered, first_commit_late_ms, \
               last_commit_late_ms, clock_offset_ms, CAST(replay_to AS CHAR) FROM publish_run WHERE id = ?";
    let rows = connection.rows(sql, &[run.into()]).await?;
    let row = rows.first().ok_or_else(|| gone(run))?;
    let count = |column| Ok::<_, StoreError>(row.int(column)?.unsigned_abs());
    Ok(Report {
        run,
        slot: row.instant(0)?,
        replay_to: row.instant_or_null(10)?,
        state: RunState::from_text(&row.text(1)?)?,
        term: row.int(2)?,
        figures: Figures {
            planned: count(3)?,
            published: count(4)?,
            late: count(5)?,
            recovered: count(6)?,
            first_commit_late_ms: row.int_or_null(7)?,
            last_commit_late_ms: row.int_or_null(8)?,
            clock_offset_ms: row.int_or_null(9)?,
        },
    })
}
