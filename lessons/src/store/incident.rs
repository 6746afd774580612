//! Incidents: what the watcher has found, and who has been told.

use jiff::Timestamp;

use super::types::Overdue;
use crate::connection::{Connection, Row, Value};
use crate::error::StoreError;
use crate::time::Slot;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IncidentKind {
    /// Lessons should be open and are not.
    Overdue,
    /// Nothing is overdue, but no publisher has reported for the slot.
    Silent,
}

/// A way to tell people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The alert topic.
    Sns,
    /// A Slack webhook.
    Slack,
}

/// What people are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// That it began.
    Alert,
    /// That it is over.
    Over,
}

/// A row of `publish_incident`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Its id.
    pub id: i64,
    /// What is wrong.
    pub kind: IncidentKind,
    /// Begin of the slot in which it was found.
    pub slot: Timestamp,
    /// The most lessons that were overdue at once.
    pub overdue: i64,
    /// The longest that one of them had waited, in ms.
    pub worst_late_ms: i64,
    /// When it was found.
    pub opened_at: Timestamp,
    /// Whether a replay was asked for.
    pub replayed: bool,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    told: [[bool; 2]; 2],
}

impl Incident {
    /// Whether `channel` has taken `notice`.
    pub fn told(&self, channel: Channel, notice: Notice) -> bool {
        self.told[notice as usize][channel as usize]
    }
}

const COLUMNS: &str = "id, kind, CAST(slot AS CHAR), overdue, worst_late_ms, CAST(opened_at AS CHAR), \
                       CAST(replayed_at AS CHAR), CAST(closed_at AS CHAR), CAST(sns_alerted AS CHAR), \
                       CAST(slack_alerted AS CHAR), CAST(sns_closed AS CHAR), CAST(slack_closed AS CHAR)";

pub(super) async fn recent(connection: &mut Connection) -> Result<Vec<Incident>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM publish_incident WHERE open_mark = 1 OR closed_at > {} ORDER BY id DESC",
        connection.dialect().now_plus
    );
    const DAY_MS: i64 = 86_400_000;
    let rows = connection.rows(&sql, &[Value::Int(-DAY_MS)]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Incident, StoreError> {
    let is_set = |column| Ok::<_, StoreError>(row.text_or_null(column)?.is_some());
    Ok(Incident {
        id: row.int(0)?,
        kind: match row.text(1)?.as_str() {
            "overdue" => IncidentKind::Overdue,
            _ => IncidentKind::Silent,
        },
        slot: row.instant(2)?,
        overdue: row.int(3)?,
        worst_late_ms: row.int(4)?,
        opened_at: row.instant(5)?,
        replayed: is_set(6)?,
        closed_at: row.instant_or_null(7)?,
        told: [[is_set(8)?, is_set(9)?], [is_set(10)?, is_set(11)?]],
    })
}

pub(super) async fn raise(
    connection: &mut Connection,
    kind: IncidentKind,
    slot: Timestamp,
    overdue: Overdue,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let dialect = connection.dialect();
    let kind = match kind {
        IncidentKind::Overdue => "overdue",
        IncidentKind::Silent => "silent",
    };
    let worst = overdue.oldest.map_or(0, |oldest| {
        i64::try_from(now.duration_since(oldest).as_millis()).unwrap_or(i64::MAX)
    });
    // All at once: had the row been made, and a second statement failed, a repetition
    // would take it for another watcher's, and nobody would be told.
    let sql = format!(
        "{} INTO publish_incident (open_mark, kind, slot, overdue, worst_late_ms, opened_at) \
         VALUES (1, ?, ?, ?, ?, ?)",
        dialect.insert_ignore
    );
    let values: [Value; 5] = [
        kind.into(),
        slot.into(),
        overdue.count.into(),
        worst.into(),
        now.into(),
    ];
    if connection.execute(&sql, &values).await? == 1 {
        return Ok(true);
    }
    // What began as silence may have made lessons late.
    let sql = "UPDATE publish_incident SET kind = CASE WHEN ? > 0 THEN 'overdue' ELSE kind END, \
               overdue = CASE WHEN overdue < ? THEN ? ELSE overdue END, \
               worst_late_ms = CASE WHEN worst_late_ms < ? THEN ? ELSE worst_late_ms END WHERE open_mark = 1";
    let count = overdue.count.into();
    let values: [Value; 5] = [
        overdue.count.into(),
        overdue.count.into(),
        count,
        worst.into(),
        worst.into(),
    ];
    connection.execute(sql, &values).await?;
    Ok(false)
}

pub(super) async fn close(connection: &mut Connection, id: i64) -> Result<bool, StoreError> {
    let sql = format!(
        "UPDATE publish_incident SET open_mark = NULL, closed_at = {} WHERE id = ? AND open_mark = 1",
        connection.dialect().now
    );
    Ok(connection.execute(&sql, &[id.into()]).await? == 1)
}

pub(super) async fn has_reported(connection: &mut Connection, span: Slot) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM publish_run WHERE slot >= ? AND slot < ? AND `trigger` = 'schedule' \
               AND state <> 'waiting' LIMIT 1";
    let rows = connection
        .rows(sql, &[span.begin.into(), span.end.into()])
        .await?;
    Ok(!rows.is_empty())
}

pub(super) async fn notified(
    connection: &mut Connection,
    id: i64,
    channel: Channel,
    notice: Notice,
) -> Result<(), StoreError> {
    let column = match (channel, notice) {
        (Channel::Sns, Notice::Alert) => "sns_alerted",
        (Channel::Slack, Notice::Alert) => "slack_alerted",
        (Channel::Sns, Notice::Over) => "sns_closed",
        (Channel::Slack, Notice::Over) => "slack_closed",
    };
    let now = connection.dialect().now;
    let sql = format!("UPDATE publish_incident SET {column} = {now} WHERE id = ?");
    connection.execute(&sql, &[id.into()]).await?;
    Ok(())
}

pub(super) async fn replayed(connection: &mut Connection, id: i64) -> Result<bool, StoreError> {
    let now = connection.dialect().now;
    let sql = format!("UPDATE publish_incident SET replayed_at = {now} WHERE id = ? AND replayed_at IS NULL");
    Ok(connection.execute(&sql, &[id.into()]).await? == 1)
}
