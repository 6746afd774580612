//! How lessons fared.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::connection::{Connection, Value};
use crate::error::StoreError;

/// Lessons by how they opened. Cancelled ones are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Audit {
    /// Opened by their slot's run, on time.
    pub on_time: i64,
    /// Opened by their slot's run, later than that.
    pub late: i64,
    /// Opened by another slot's run, or by a replay.
    pub recovered: i64,
    /// Not open.
    pub missed: i64,
    /// Opened by nobody's run: a person or another program.
    pub by_hand: i64,
    /// The longest that a run was late, in ms.
    pub worst_late_ms: Option<i64>,
}

pub(super) async fn audit(
    connection: &mut Connection,
    from: Timestamp,
    to: Timestamp,
    on_time: Duration,
) -> Result<Audit, StoreError> {
    let dialect = connection.dialect();
    let (late, into) = (dialect.late_ms, dialect.into_slot_ms);
    let own = format!("r.`trigger` = 'schedule' AND {into} BETWEEN 0 AND 59999");
    let opened = "l.status = 1 AND r.id IS NOT NULL";
    let sql = format!(
        "SELECT COUNT(CASE WHEN {opened} AND {own} AND {late} <= ? THEN 1 END), \
         COUNT(CASE WHEN {opened} AND {own} AND {late} > ? THEN 1 END), \
         COUNT(CASE WHEN {opened} AND NOT ({own}) THEN 1 END), \
         COUNT(CASE WHEN l.status = 0 THEN 1 END), \
         COUNT(CASE WHEN l.status = 1 AND r.id IS NULL THEN 1 END), \
         MAX(CASE WHEN {opened} THEN {late} END) \
         FROM lesson l LEFT JOIN publish_run r ON r.id = l.publish_run_id \
         WHERE l.status IN (0, 1) AND l.publish_at >= ? AND l.publish_at < ?"
    );
    let limit = Value::Int(i64::try_from(on_time.as_millis()).unwrap_or(i64::MAX));
    let rows = connection
        .rows(&sql, &[limit.clone(), limit, from.into(), to.into()])
        .await?;
    rows.first().map_or(Ok(Audit::default()), |row| {
        Ok(Audit {
            on_time: row.int(0)?,
            late: row.int(1)?,
            recovered: row.int(2)?,
            missed: row.int(3)?,
            by_hand: row.int(4)?,
            worst_late_ms: row.int_or_null(5)?,
        })
    })
}
