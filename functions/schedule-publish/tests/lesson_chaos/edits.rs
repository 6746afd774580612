//! What people do to lessons meanwhile, as an application would.

use jiff::{SignedDuration, Timestamp};
use lessons::Database;
use lessons::time::to_text;
use tokio::time::{Instant, sleep_until};

use crate::after;
use crate::scenario::Change;

/// What the edits have come to.
#[derive(Debug, Default)]
pub struct Edited {
    /// Lessons that were cancelled before they opened.
    pub cancelled: Vec<i64>,
    /// Lessons that left the slot before they opened.
    pub away: Vec<i64>,
    /// Lessons that came too late to be on time, and should open nevertheless.
    pub behind: Vec<i64>,
    pub added: usize,
}

/// Carries them out, each at its moment; those that meet a database that is away
/// are let go.
pub async fn run(
    mut edits: Vec<(i64, usize, Change)>,
    database: Database,
    begin: Timestamp,
    at: Instant,
) -> Edited {
    edits.sort_by_key(|(moment, ..)| *moment);
    let mut edited = Edited::default();
    for (moment, index, change) in edits {
        sleep_until(after(at, moment)).await;
        let Ok(mut connection) = database.connect().await else {
            continue;
        };
        let id = index as i64 + 1;
        let instant = |ms: i64| to_text(begin + SignedDuration::from_millis(ms));
        let sql = match change {
            Change::Cancel => format!("UPDATE lesson SET status = 2 WHERE id = {id} AND status = 0"),
            Change::Within(ms) => format!(
                "UPDATE lesson SET publish_at = '{}' WHERE id = {id} AND status = 0",
                instant(ms)
            ),
            Change::Away => format!(
                "UPDATE lesson SET publish_at = '{}' WHERE id = {id} AND status = 0",
                instant(3_600_000)
            ),
            Change::Add(ms) => format!(
                "INSERT INTO lesson (center_id, starts_at, publish_at) VALUES (1, '{}', '{}')",
                instant(86_400_000),
                instant(ms)
            ),
        };
        if !matches!(connection.execute_text(sql).await, Ok(1)) {
            continue;
        }
        match change {
            Change::Cancel => edited.cancelled.push(id),
            Change::Away => edited.away.push(id),
            Change::Within(_) => edited.behind.push(id),
            Change::Add(_) => edited.added += 1,
        }
        // A later edit of the same lesson undoes an earlier one.
        if matches!(change, Change::Within(_)) {
            edited.away.retain(|other| *other != id);
        }
    }
    edited
}
