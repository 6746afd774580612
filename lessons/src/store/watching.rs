//! What only the watcher asks.

use jiff::Timestamp;

use crate::connection::Connection;
use crate::error::StoreError;

/// One entry of the index on (status, publish_at).
pub(super) async fn next_due(
    connection: &mut Connection,
    from: Timestamp,
    before: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT CAST(publish_at AS CHAR) FROM lesson \
               WHERE status = 0 AND publish_at >= ? AND publish_at < ? ORDER BY publish_at LIMIT 1";
    let rows = connection.rows(sql, &[from.into(), before.into()]).await?;
    rows.first().map(|row| row.instant(0)).transpose()
}

pub(super) async fn is_replaying(connection: &mut Connection, by: &str) -> Result<bool, StoreError> {
    // By the index on (state, slot): few runs have not ended.
    let sql = format!(
        "SELECT 1 FROM publish_run r JOIN publish_lease l ON l.run_id = r.id \
         WHERE r.state IN ('waiting', 'planned', 'published') AND r.`trigger` = 'replay' \
         AND r.requested_by = ? AND l.expires_at >= {} LIMIT 1",
        connection.dialect().now
    );
    let rows = connection.rows(&sql, &[by.into()]).await?;
    Ok(!rows.is_empty())
}
