//! Who publishes a run: a lease that has to be renewed, and a term that fences
//! off whoever had it before.

use std::time::Duration;

use super::run::{self, RunState};
use super::types::{SlotReport, Take, Term};
use crate::connection::{Connection, Value};
use crate::error::StoreError;
use crate::time;

pub(super) async fn take(
    connection: &mut Connection,
    run: i64,
    holder: &str,
    lease: Duration,
) -> Result<Take, StoreError> {
    if let Some(left) = held_by_another(connection, run, holder).await? {
        return Ok(left);
    }
    make_expired(connection, run).await?;
    let begin = connection.dialect().begin;
    connection.execute_text(begin.to_owned()).await?;
    let taken = take_in_transaction(connection, run, holder, lease).await;
    let end = if matches!(taken, Ok(true)) {
        "COMMIT"
    } else {
        "ROLLBACK"
    };
    connection.execute_text(end.to_owned()).await?;
    if !taken? {
        return Ok(Take::Busy(Duration::ZERO));
    }
    let report = run::report(connection, run).await?;
    let term = Term {
        run,
        number: report.term,
    };
    Ok(match report.state {
        RunState::Done => Take::Done,
        state => Take::Held(term, state, report.figures),
    })
}

/// The lease's row, for the first who takes it. Made outside of the transaction:
/// two that insert and then update in one would wait for each other.
async fn make_expired(connection: &mut Connection, run: i64) -> Result<(), StoreError> {
    let sql = format!(
        "{} INTO publish_lease (run_id, holder, expires_at) VALUES (?, '', '1970-01-01 00:00:00.000')",
        connection.dialect().insert_ignore
    );
    connection.execute(&sql, &[run.into()]).await?;
    Ok(())
}

/// A look without a lock, as those who wait take ten a second.
async fn held_by_another(
    connection: &mut Connection,
    run: i64,
    holder: &str,
) -> Result<Option<Take>, StoreError> {
    let sql = format!(
        "SELECT r.state, l.holder, CAST(l.expires_at AS CHAR), CAST({} AS CHAR) \
         FROM publish_run r LEFT JOIN publish_lease l ON l.run_id = r.id WHERE r.id = ?",
        connection.dialect().now
    );
    let rows = connection.rows(&sql, &[run.into()]).await?;
    let Some(row) = rows.first() else {
        return Err(run::gone(run));
    };
    if RunState::from_text(&row.text(0)?)? == RunState::Done {
        return Ok(Some(Take::Done));
    }
    let Some(expires_at) = row.instant_or_null(2)? else {
        return Ok(None);
    };
    let left = expires_at.duration_since(row.instant(3)?);
    let others = row.text_or_null(1)?.is_some_and(|other| other != holder);
    Ok((others && !left.is_negative()).then_some(Take::Busy(left.unsigned_abs())))
}

async fn take_in_transaction(
    connection: &mut Connection,
    run: i64,
    holder: &str,
    lease: Duration,
) -> Result<bool, StoreError> {
    let dialect = connection.dialect();
    let milliseconds = Value::Int(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX));
    let mine = format!(
        "UPDATE publish_lease SET holder = ?, expires_at = {} WHERE run_id = ? AND (holder = ? OR expires_at < {})",
        dialect.now_plus, dialect.now
    );
    let values = [holder.into(), milliseconds, run.into(), holder.into()];
    if connection.execute(&mine, &values).await? == 0 {
        return Ok(false);
    }
    // Waits for the chunks that the last holder has under way: each locks this row.
    let next = "UPDATE publish_run SET term = term + 1 WHERE id = ? AND state <> 'done'";
    connection.execute(next, &[run.into()]).await?;
    Ok(true)
}

pub(super) async fn renew(
    connection: &mut Connection,
    run: i64,
    holder: &str,
    lease: Duration,
) -> Result<bool, StoreError> {
    let dialect = connection.dialect();
    let sql = format!(
        "UPDATE publish_lease SET expires_at = {} WHERE run_id = ? AND holder = ? AND expires_at >= {}",
        dialect.now_plus, dialect.now
    );
    let milliseconds = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
    let values = [milliseconds.into(), run.into(), holder.into()];
    Ok(connection.execute(&sql, &values).await? == 1)
}

pub(super) async fn earliest_live(
    connection: &mut Connection,
    except: i64,
) -> Result<Option<jiff::Timestamp>, StoreError> {
    // By the leases, of which only a few are not expired; `MIN` of none is NULL.
    let sql = format!(
        "SELECT CAST(MIN(r.slot) AS CHAR) FROM publish_lease l JOIN publish_run r ON r.id = l.run_id \
         WHERE l.expires_at >= {} AND r.`trigger` = 'schedule' AND r.state <> 'done' AND r.id <> ?",
        connection.dialect().now
    );
    let rows = connection.rows(&sql, &[except.into()]).await?;
    rows.first().map_or(Ok(None), |row| row.instant_or_null(0))
}

pub(super) async fn abandoned(
    connection: &mut Connection,
    before: jiff::Timestamp,
) -> Result<Vec<i64>, StoreError> {
    let sql = format!(
        "SELECT r.id FROM publish_run r LEFT JOIN publish_lease l ON l.run_id = r.id \
         WHERE r.state IN ('waiting', 'planned', 'published') AND r.slot < ? \
         AND COALESCE(l.expires_at, r.started_at) < ? AND (l.expires_at IS NULL OR l.expires_at < {}) \
         ORDER BY r.slot LIMIT 100",
        connection.dialect().now
    );
    let rows = connection.rows(&sql, &[before.into(), before.into()]).await?;
    rows.iter().map(|row| row.int(0)).collect()
}

pub(super) async fn slot_report(
    connection: &mut Connection,
    begin: jiff::Timestamp,
) -> Result<Option<SlotReport>, StoreError> {
    let sql = format!(
        "SELECT r.state, CASE WHEN l.expires_at >= {} THEN 1 ELSE 0 END \
         FROM publish_run r LEFT JOIN publish_lease l ON l.run_id = r.id \
         WHERE r.`trigger` = 'schedule' AND r.trigger_key = ?",
        connection.dialect().now
    );
    let rows = connection
        .rows(&sql, &[Value::Text(time::to_text(begin))])
        .await?;
    let read = |row: &crate::connection::Row| {
        Ok(SlotReport {
            state: RunState::from_text(&row.text(0)?)?,
            alive: row.int(1)? == 1,
        })
    };
    rows.first().map(read).transpose()
}
