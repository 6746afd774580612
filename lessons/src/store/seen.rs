//! What linking has seen, so that a wake looks only at what is new.

use jiff::Timestamp;

use super::link::Seen;
use crate::connection::Connection;
use crate::error::StoreError;

/// The row that holds the newest lesson instead of a centre's digest.
const NEWEST: i64 = 0;

pub(super) async fn seen(connection: &mut Connection) -> Result<Seen, StoreError> {
    let sql = "SELECT center_id, settings, lesson_id FROM auto_publish_link";
    let mut seen = Seen::default();
    for row in connection.rows(sql, &[]).await? {
        match row.int(0)? {
            NEWEST => seen.lesson = Some(row.int(2)?),
            center => {
                seen.settings.insert(center, row.text(1)?);
            }
        }
    }
    Ok(seen)
}

pub(super) async fn added(connection: &mut Connection, after: i64) -> Result<(Vec<i64>, i64), StoreError> {
    let rows = connection.rows("SELECT MAX(id) FROM lesson", &[]).await?;
    let newest = match rows.first() {
        Some(row) => row.int_or_null(0)?.unwrap_or(after),
        None => after,
    };
    let sql = "SELECT DISTINCT center_id FROM lesson WHERE id > ? AND id <= ?";
    let rows = connection.rows(sql, &[after.into(), newest.into()]).await?;
    let centers: Result<_, _> = rows.iter().map(|row| row.int(0)).collect();
    Ok((centers?, newest.max(after)))
}

pub(super) async fn mark(
    connection: &mut Connection,
    center: i64,
    digest: &str,
    lesson: i64,
) -> Result<(), StoreError> {
    let sql = "REPLACE INTO auto_publish_link (center_id, settings, lesson_id) VALUES (?, ?, ?)";
    let values = [center.into(), digest.into(), lesson.into()];
    connection.execute(sql, &values).await?;
    Ok(())
}

pub(super) async fn span(
    connection: &mut Connection,
    center: i64,
    after: Timestamp,
) -> Result<Option<(Timestamp, Timestamp)>, StoreError> {
    let sql = "SELECT CAST(MIN(starts_at) AS CHAR), CAST(MAX(starts_at) AS CHAR) FROM lesson \
               WHERE center_id = ? AND starts_at > ? AND status = 0";
    let rows = connection.rows(sql, &[center.into(), after.into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(row.instant_or_null(0)?.zip(row.instant_or_null(1)?))
}
