//! The flip itself.

use super::by_id;
use super::types::{Chunk, Term};
use crate::connection::Connection;
use crate::error::StoreError;
use crate::time;

/// Never early, whatever clock the caller goes by: the database's own has the
/// last word. Never twice: `status = 0`. Never by one whose term is over: the
/// subquery holds the run's row, so that a new term waits for this commit.
///
/// A row that somebody has locked delays no other, and stays due: where that can be
/// said, the plain statement fails at once, and the rest is for the one that leaves
/// such rows out.
///
/// `published_at` is when the statement began; readers see it some ms later, when
/// it is committed. A run's figures are taken after that.
pub(super) async fn fire(connection: &mut Connection, term: &Term, chunk: &Chunk) -> Result<u64, StoreError> {
    let dialect = connection.dialect();
    let Term { run, number } = term;
    let (now, at) = (dialect.now, time::to_text(chunk.publish_at));
    let condition = format!(
        "status = 0 AND publish_at = '{at}' AND {now} >= '{at}' \
         AND EXISTS (SELECT 1 FROM publish_run r WHERE r.id = {run} AND r.term = {number} \
         AND r.state <> 'done' {lock})",
        lock = dialect.shared_lock,
    );
    let set = format!("status = 1, published_at = {now}, publish_run_id = {run}");
    if let Some(at_once) = dialect.at_once {
        let sql = by_id::update(dialect, &chunk.ids, &condition, &set);
        match connection.execute_text(format!("{at_once} {sql}")).await {
            Err(StoreError::Busy(_)) => {}
            fired => return fired,
        }
    }
    let sql = by_id::update_free(dialect, &chunk.ids, &condition, &set);
    connection.execute_text(sql).await
}
