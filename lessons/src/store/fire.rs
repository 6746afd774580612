//! The flip itself.

use super::types::{Chunk, Fire, Term};
use crate::connection::Connection;
use crate::error::StoreError;
use crate::time;

/// Numbers stand in the text as they are: a thousand `?` would have to be
/// prepared first, one more round trip at the instant.
pub(super) async fn fire(
    connection: &mut Connection,
    term: &Term,
    chunk: &Chunk,
    fire: Fire,
) -> Result<u64, StoreError> {
    match fire {
        Fire::Whole => connection.execute_text(statement(connection, term, chunk)).await,
        Fire::WhatIsFree => what_is_free(connection, term, chunk).await,
    }
}

/// Never early, whatever clock the caller goes by: the database's own has the
/// last word. Never twice: `status = 0`. Never by one whose term is over: the
/// subquery holds the run's row, so that a new term waits for this commit.
fn statement(connection: &Connection, term: &Term, chunk: &Chunk) -> String {
    let dialect = connection.dialect();
    let Term { run, number } = term;
    format!(
        "UPDATE lesson {by_key} SET status = 1, published_at = {now}, publish_run_id = {run} \
         WHERE id IN ({ids}) AND status = 0 AND publish_at = '{at}' AND {now} >= '{at}' \
         AND EXISTS (SELECT 1 FROM publish_run r WHERE r.id = {run} AND r.term = {number} \
         AND r.state <> 'done' {lock})",
        by_key = dialect.by_primary_key,
        now = dialect.now,
        ids = list(&chunk.ids),
        at = time::to_text(chunk.publish_at),
        lock = dialect.shared_lock,
    )
}

/// Somebody keeps a row locked: the others of its chunk need not wait for it.
async fn what_is_free(connection: &mut Connection, term: &Term, chunk: &Chunk) -> Result<u64, StoreError> {
    let dialect = connection.dialect();
    connection.execute_text(dialect.begin.to_owned()).await?;
    let free = format!(
        "SELECT id FROM lesson WHERE id IN ({}) ORDER BY id {}",
        list(&chunk.ids),
        dialect.lock_what_is_free
    );
    let fired = async {
        let rows = connection.rows(&free, &[]).await?;
        let ids: Result<Vec<i64>, _> = rows.iter().map(|row| row.int(0)).collect();
        let free = Chunk {
            publish_at: chunk.publish_at,
            ids: ids?,
        };
        if free.ids.is_empty() {
            return Ok(0);
        }
        let sql = statement(connection, term, &free);
        connection.execute_text(sql).await
    }
    .await;
    let end = if fired.is_ok() { "COMMIT" } else { "ROLLBACK" };
    connection.execute_text(end.to_owned()).await?;
    fired
}

pub(super) fn list(ids: &[i64]) -> String {
    let mut text = String::with_capacity(ids.len() * 8);
    for (index, id) in ids.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&id.to_string());
    }
    text
}
