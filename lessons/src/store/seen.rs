//! What linking has seen, so that a wake looks only at what is new.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::connection::{Connection, Value};
use crate::error::StoreError;

/// A lesson with a lower id may be committed after one with a higher: only what
/// was the newest this long ago counts as seen.
const LAG_MS: i64 = 600_000;

/// What linking has seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// A digest of the settings that each centre was linked with.
    pub settings: HashMap<i64, String>,
    /// The newest lesson, ten minutes ago; `None` before the first time.
    pub lesson: Option<i64>,
}

pub(super) async fn seen(connection: &mut Connection) -> Result<Seen, StoreError> {
    let sql = "SELECT center_id, settings FROM auto_publish_link WHERE center_id <> 0";
    let rows = connection.rows(sql, &[]).await?;
    let settings: Result<_, StoreError> = rows.iter().map(|row| Ok((row.int(0)?, row.text(1)?))).collect();
    Ok(Seen {
        settings: settings?,
        lesson: mark(connection).await?,
    })
}

/// Before the first ten minutes are over, the oldest there is.
async fn mark(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    let sql = format!(
        "SELECT COALESCE(MAX(CASE WHEN seen_at <= {} THEN lesson_id END), MIN(lesson_id)) FROM auto_publish_mark",
        connection.dialect().now_plus
    );
    let rows = connection.rows(&sql, &[Value::Int(-LAG_MS)]).await?;
    rows.first().map_or(Ok(None), |row| row.int_or_null(0))
}

pub(super) async fn newest(connection: &mut Connection) -> Result<i64, StoreError> {
    let rows = connection.rows("SELECT MAX(id) FROM lesson", &[]).await?;
    let newest = rows.first().map(|row| row.int_or_null(0)).transpose()?;
    Ok(newest.flatten().unwrap_or(0))
}

pub(super) async fn added(
    connection: &mut Connection,
    after: i64,
    newest: i64,
    now: Timestamp,
) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT DISTINCT center_id FROM lesson WHERE id > ? AND id <= ? AND status = 0 \
               AND publish_at IS NULL AND auto_publish_at IS NULL AND starts_at > ?";
    let rows = connection
        .rows(sql, &[after.into(), newest.into(), now.into()])
        .await?;
    rows.iter().map(|row| row.int(0)).collect()
}

pub(super) async fn mark_center(
    connection: &mut Connection,
    center: i64,
    settings: &str,
) -> Result<(), StoreError> {
    let sql = "REPLACE INTO auto_publish_link (center_id, settings) VALUES (?, ?)";
    connection.execute(sql, &[center.into(), settings.into()]).await?;
    Ok(())
}

pub(super) async fn mark_newest(connection: &mut Connection, lesson: i64) -> Result<(), StoreError> {
    // Ids that come down, in a table that was filled anew, are new ones.
    let above = "DELETE FROM auto_publish_mark WHERE lesson_id > ?";
    connection.execute(above, &[lesson.into()]).await?;
    let dialect = connection.dialect();
    let insert = format!(
        "{} INTO auto_publish_mark (lesson_id, seen_at) VALUES (?, {})",
        dialect.insert_ignore, dialect.now
    );
    connection.execute(&insert, &[lesson.into()]).await?;
    if let Some(lagged) = mark(connection).await? {
        let passed = "DELETE FROM auto_publish_mark WHERE lesson_id < ?";
        connection.execute(passed, &[lagged.into()]).await?;
    }
    Ok(())
}
