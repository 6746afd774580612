//! Lessons that open, and lessons that should have.

use jiff::Timestamp;

use super::types::{Due, Overdue};
use crate::connection::{Connection, Row, Value};
use crate::error::StoreError;
use crate::time::Slot;

/// From the index on (status, publish_at) alone, whose entries carry the id: what
/// it reads follows the lessons due, not the table.
const DUE: &str = "SELECT CAST(publish_at AS CHAR), id FROM lesson \
                   WHERE status = 0 AND publish_at >= ? AND publish_at < ? ORDER BY publish_at, id";

pub(super) async fn due(connection: &mut Connection, slot: Slot) -> Result<Vec<Due>, StoreError> {
    let rows = connection
        .rows(DUE, &[slot.begin.into(), slot.end.into()])
        .await?;
    read(&rows)
}

pub(super) async fn overdue(
    connection: &mut Connection,
    from: Timestamp,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<Due>, StoreError> {
    let sql = format!("{DUE} LIMIT {limit}");
    let rows = connection.rows(&sql, &[from.into(), before.into()]).await?;
    read(&rows)
}

/// Many lessons share an instant: its text is read once.
fn read(rows: &[Row]) -> Result<Vec<Due>, StoreError> {
    let mut last: Option<(String, Timestamp)> = None;
    let mut due = Vec::with_capacity(rows.len());
    for row in rows {
        let text = row.text(0)?;
        let publish_at = match &last {
            Some((same, instant)) if *same == text => *instant,
            _ => row.instant(0)?,
        };
        last = Some((text, publish_at));
        due.push(Due {
            publish_at,
            id: row.int(1)?,
        });
    }
    Ok(due)
}

pub(super) async fn instants(
    connection: &mut Connection,
    span: Slot,
) -> Result<Vec<(Timestamp, u64)>, StoreError> {
    let sql = "SELECT CAST(publish_at AS CHAR), COUNT(*) FROM lesson \
               WHERE status = 0 AND publish_at >= ? AND publish_at < ? GROUP BY publish_at ORDER BY publish_at";
    let rows = connection
        .rows(sql, &[span.begin.into(), span.end.into()])
        .await?;
    let read = |row: &Row| Ok((row.instant(0)?, row.int(1)?.unsigned_abs()));
    rows.iter().map(read).collect()
}

pub(super) async fn overdue_count(
    connection: &mut Connection,
    before: Timestamp,
) -> Result<Overdue, StoreError> {
    // MySQL without NO_ZERO_DATE keeps '0000-00-00 00:00:00', which is no instant:
    // one such row would make every look at the others fail.
    let sql = "SELECT COUNT(*), CAST(MIN(publish_at) AS CHAR) FROM lesson \
               WHERE status = 0 AND publish_at >= '1970-01-01 00:00:00.000' AND publish_at < ?";
    let rows = connection.rows(sql, &[Value::from(before)]).await?;
    rows.first().map_or(Ok(Overdue::default()), |row| {
        Ok(Overdue {
            count: row.int(0)?,
            oldest: row.instant_or_null(1)?,
        })
    })
}

pub(super) async fn opened(connection: &mut Connection, run: i64, slot: Slot) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) FROM lesson \
               WHERE status = 1 AND publish_at >= ? AND publish_at < ? AND publish_run_id = ?";
    let values = [slot.begin.into(), slot.end.into(), run.into()];
    Ok(connection.number(sql, &values).await?.unsigned_abs())
}
