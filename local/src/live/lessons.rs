//! What the lesson tables say: slots that come, and how those that were have opened.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use lessons::connection::Row;
use lessons::store::SqlStore;
use lessons::{Store as _, StoreError};
use serde::Serialize;

use crate::tables::Tables;

/// Instants that come, and runs that were.
const COMING: usize = 8;
const RUNS: usize = 20;

/// The tables of a stack, looked at again and again. Clones share the last look.
#[derive(Clone)]
pub struct Lessons {
    tables: Tables,
    seen: Arc<Mutex<Option<Seen>>>,
}

/// A look.
#[derive(Debug, Clone, Serialize)]
pub struct Seen {
    database: String,
    coming: Vec<Coming>,
    overdue: i64,
    /// Of all runs.
    opened: i64,
    runs: Vec<Run>,
}

#[derive(Debug, Clone, Serialize)]
struct Coming {
    at: Timestamp,
    lessons: i64,
}

#[derive(Debug, Clone, Serialize)]
struct Run {
    run: i64,
    slot: Timestamp,
    trigger: String,
    state: String,
    planned: i64,
    published: i64,
    late: i64,
    recovered: i64,
    first_commit_late_ms: Option<i64>,
    last_commit_late_ms: Option<i64>,
}

impl Lessons {
    /// Those of the stack.
    pub fn of(tables: Tables) -> Self {
        let seen = Arc::default();
        Self { tables, seen }
    }

    /// The last look, if there was one.
    pub fn seen(&self) -> Option<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks again. A database that does not answer is shown as the functions show it,
    /// in their logs; here the last look stays.
    pub async fn look(&self, store: &mut Option<SqlStore>) {
        if store.is_none() {
            *store = self.tables.open().await.ok().map(SqlStore::new);
        }
        let Some(open) = store else { return };
        match self.read(open).await {
            Ok(seen) => *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen),
            Err(_) => *store = None,
        }
    }

    async fn read(&self, store: &mut SqlStore) -> Result<Seen, StoreError> {
        let now = store.now().await?;
        let overdue = store.overdue_count(now).await?.count;
        let connection = store.connection();
        let coming = format!(
            "SELECT CAST(publish_at AS CHAR), COUNT(*) FROM lesson WHERE status = 0 AND publish_at >= ? \
             GROUP BY publish_at ORDER BY publish_at LIMIT {COMING}"
        );
        let opened = "SELECT CAST(COALESCE(SUM(published), 0) AS SIGNED) FROM publish_run";
        let runs = format!(
            "SELECT id, CAST(slot AS CHAR), `trigger`, state, planned, published, late, recovered, \
             first_commit_late_ms, last_commit_late_ms FROM publish_run \
             WHERE planned + published > 0 OR state <> 'done' ORDER BY id DESC LIMIT {RUNS}"
        );
        let coming = connection.rows(&coming, &[now.into()]).await?;
        let runs = connection.rows(&runs, &[]).await?;
        Ok(Seen {
            database: self.tables.to_string(),
            overdue,
            opened: connection.number(opened, &[]).await?,
            coming: coming.iter().map(Coming::of).collect::<Result<_, _>>()?,
            runs: runs.iter().map(Run::of).collect::<Result<_, _>>()?,
        })
    }
}

impl Coming {
    fn of(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            at: row.instant(0)?,
            lessons: row.int(1)?,
        })
    }
}

impl Run {
    fn of(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            run: row.int(0)?,
            slot: row.instant(1)?,
            trigger: row.text(2)?,
            state: row.text(3)?,
            planned: row.int(4)?,
            published: row.int(5)?,
            late: row.int(6)?,
            recovered: row.int(7)?,
            first_commit_late_ms: row.int_or_null(8)?,
            last_commit_late_ms: row.int_or_null(9)?,
        })
    }
}
