//! Waiting for an instant and looking at the tables around it.

use std::time::Duration;

use ::lessons::connection::{Connection, Value};
use ::lessons::store::{Report, RunState, SqlStore};
use ::lessons::time::{Slot, to_text};
use ::lessons::{Store as _, StoreError};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::lessons::Opening;
use crate::progress;

/// How long after the instant a lesson may open at most.
pub(super) const LIMIT: Duration = Duration::from_secs(30);
/// Once all are open, how long the publisher may take to write its figures down.
const REPORT: Duration = Duration::from_secs(5);
/// Between two looks: a look reads the index of what is still to open, beside
/// those who open it.
const LOOK: Duration = Duration::from_millis(100);

/// Waits until `made` lessons are open that open at `at`, or for [`LIMIT`].
pub(super) async fn watch(store: &mut SqlStore, at: Timestamp, made: u64) -> Result<Opening, StoreError> {
    count_down(store, at).await?;
    let bar = progress::styled("{bar:40} {human_pos} of {human_len} lessons are open", made);
    let began = Instant::now();
    let mut open_since = None;
    loop {
        let opened = made.saturating_sub(waiting(store.connection(), at).await?);
        bar.set_position(opened);
        if opened == made {
            open_since.get_or_insert_with(Instant::now);
        }
        let report = report(store, Slot::minute_of(at).begin).await?;
        let has_reported = report
            .as_ref()
            .is_some_and(|report| report.state >= RunState::Published && report.figures.published >= made);
        let is_over = match open_since {
            Some(since) => has_reported || since.elapsed() > REPORT,
            None => began.elapsed() > LIMIT,
        };
        if is_over {
            bar.finish_and_clear();
            return Ok(opening(at, made, opened, report));
        }
        sleep(LOOK).await;
    }
}

fn opening(at: Timestamp, made: u64, opened: u64, report: Option<Report>) -> Opening {
    let figures = report.map(|report| report.figures);
    Opening {
        at,
        made,
        planned: figures.map(|figures| figures.planned),
        opened,
        late: figures.map(|figures| figures.late),
        first_commit_late_ms: figures.and_then(|figures| figures.first_commit_late_ms),
        last_commit_late_ms: figures.and_then(|figures| figures.last_commit_late_ms),
    }
}

/// Until the database's clock shows the instant.
async fn count_down(store: &mut SqlStore, at: Timestamp) -> Result<(), StoreError> {
    let left = at.duration_since(store.now().await?);
    let left = Duration::try_from(left).unwrap_or_default();
    let until = Instant::now() + left;
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let bar = progress::styled("{bar:40} {msg}", millis(left));
    loop {
        let left_now = until.saturating_duration_since(Instant::now());
        bar.set_position(millis(left - left_now.min(left)));
        bar.set_message(format!("they open in {} s, at {at}", left_now.as_secs()));
        if left_now.is_zero() {
            bar.finish_and_clear();
            return Ok(());
        }
        sleep(LOOK.min(left_now)).await;
    }
}

async fn waiting(connection: &mut Connection, at: Timestamp) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) FROM lesson WHERE status = 0 AND publish_at = ?";
    Ok(connection.number(sql, &[at.into()]).await?.unsigned_abs())
}

/// The slot's run, if there is one.
async fn report(store: &mut SqlStore, slot: Timestamp) -> Result<Option<Report>, StoreError> {
    let sql = "SELECT id FROM publish_run WHERE `trigger` = 'schedule' AND trigger_key = ?";
    let rows = store
        .connection()
        .rows(sql, &[Value::Text(to_text(slot))])
        .await?;
    match rows.first() {
        Some(row) => store.report(row.int(0)?).await.map(Some),
        None => Ok(None),
    }
}
