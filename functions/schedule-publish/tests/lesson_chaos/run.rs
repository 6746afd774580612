//! One run, from an empty database to its audit.

use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use lessons::connection::Connection;
use lessons::time::to_text;
use lessons::{Database, migrate};
use testkit::MariaDb;
use tokio::time::{Instant, sleep_until};

use crate::scenario::Scenario;
use crate::{after, edits, wakes};

/// From the tables' making to the slot.
const PREPARE_MS: i64 = 2_600;
const EARLIEST_WAKE_MS: i64 = -2_100;
/// The centre with a setting.
const LINKED: i64 = 2;
const SLOT_MS: i64 = 1_000;

/// Answers how late the last lesson was that a surviving wake could open on time.
pub async fn run(server: &'static MariaDb, scenario: Scenario) -> Option<i64> {
    let seed = scenario.seed;
    let url = server.database();
    let database = Database::from_url(&url).expect("a URL");
    let mut connection = database.connect().await.expect("a connection");
    migrate::run(&mut connection).await.expect("migrated");

    for (offset, count) in &scenario.lessons {
        let publish_at = Timestamp::UNIX_EPOCH + SignedDuration::from_millis(*offset);
        insert(&mut connection, publish_at, *count).await;
    }
    let (begin, at) = aim(&mut connection).await;
    let instant = Timestamp::from_millisecond(begin).expect("in range");
    linking(&mut connection, instant, scenario.unlinked).await;

    let slot = [begin, begin + SLOT_MS];
    let plans = scenario.wakes.clone().into_iter();
    let running: Vec<_> = plans
        .map(|plan| tokio::spawn(wakes::run(plan, url.clone(), slot, at)))
        .collect();
    let editing = tokio::spawn(edits::run(scenario.edits.clone(), database.clone(), instant, at));
    if let Some(moment) = scenario.crash {
        sleep_until(after(at, moment)).await;
        tokio::task::spawn_blocking(|| server.restart())
            .await
            .expect("restarted");
    }
    let edited = editing.await.expect("no panic");
    for wake in running {
        wake.await.unwrap_or_else(|panic| panic!("seed {seed}: {panic}"));
    }
    let mut connection = database.connect().await.expect("a connection");
    if !scenario.survives() {
        sleep_until(after(at, SLOT_MS)).await;
        recover(&url, &mut connection).await;
    }

    let mut count = async |condition: &str| {
        let sql = format!("SELECT COUNT(*) FROM lesson WHERE {condition}");
        let rows = connection.rows(&sql, &[]).await.expect("a count");
        rows[0].int(0).expect("a number")
    };
    let end = to_text(instant + SignedDuration::from_millis(SLOT_MS));
    let context = format!("{scenario:?} {edited:?}");
    assert_eq!(
        count(&format!("status = 0 AND publish_at < '{end}'")).await,
        0,
        "not open: {context}"
    );
    assert_eq!(
        count("status = 1 AND published_at < publish_at").await,
        0,
        "early: {context}"
    );
    assert_eq!(
        count("status = 1 AND publish_run_id IS NULL").await,
        0,
        "by nobody: {context}"
    );
    assert_eq!(
        count("status <> 1 AND publish_run_id IS NOT NULL").await,
        0,
        "cancelled: {context}"
    );
    for (ids, condition) in [
        (&edited.cancelled, "status = 2"),
        (&edited.away, "status IN (0, 2)"),
    ] {
        for id in ids {
            let left = count(&format!("id = {id} AND {condition} AND publish_run_id IS NULL")).await;
            assert_eq!(left, 1, "lesson {id} was taken out: {context}");
        }
    }
    if scenario.survives() {
        let unlinked = format!("center_id = {LINKED} AND publish_at IS NULL");
        assert_eq!(count(&unlinked).await, 0, "not linked: {context}");
    }
    let open = count("status = 1").await;
    let told = "SELECT COALESCE(CAST(SUM(published) AS SIGNED), 0) FROM publish_run";
    let rows = connection.rows(told, &[]).await.expect("a sum");
    let told = rows[0].int(0).expect("a number");
    if !scenario.survives() {
        // Those who died cannot tell.
        assert!(told <= open, "told {told} of {open}: {context}");
        return None;
    }
    assert_eq!(told, open, "each lesson by one run: {context}");
    lateness(&mut connection, &scenario, &edited, &context).await
}

/// The slot's begin, and when that is on the clock of timers. Its lessons are
/// there already, and are moved to it: however slow this machine is.
async fn aim(connection: &mut Connection) -> (i64, Instant) {
    let mut last = 0;
    loop {
        let begin = Timestamp::now().as_millisecond() + PREPARE_MS;
        let at = Instant::now() + Duration::from_millis(PREPARE_MS.unsigned_abs());
        let shift = format!(
            "UPDATE lesson SET publish_at = publish_at + INTERVAL {} * 1000 MICROSECOND",
            begin - last
        );
        connection.execute_text(shift).await.expect("moved");
        last = begin;
        if Instant::now() < after(at, EARLIEST_WAKE_MS) {
            return (begin, at);
        }
    }
}

/// A centre whose setting opens lessons with the whole second that falls into the
/// slot; they do not know it yet.
async fn linking(connection: &mut Connection, begin: Timestamp, lessons: usize) {
    let seconds = (begin.as_millisecond() + 999).div_euclid(1_000);
    let second = Timestamp::from_second(seconds).expect("in range");
    let opening = second.to_zoned(TimeZone::UTC);
    let starts = opening.checked_add(1.week()).expect("in range").timestamp();
    let setting = format!(
        "INSERT INTO auto_publish_setting (center_id, weekday, publish_time, weeks_ahead, time_zone) \
         VALUES ({LINKED}, {}, '{}', 1, 'UTC')",
        opening.weekday().to_monday_one_offset(),
        opening.time().strftime("%H:%M:%S"),
    );
    connection.execute_text(setting).await.expect("a setting");
    if lessons > 0 {
        let row = format!("({LINKED}, '{}')", to_text(starts));
        let rows = vec![row.as_str(); lessons].join(",");
        let sql = format!("INSERT INTO lesson (center_id, starts_at) VALUES {rows}");
        connection.execute_text(sql).await.expect("inserted");
    }
}

/// The next slot's run.
async fn recover(url: &str, connection: &mut Connection) {
    let overdue = "SELECT COUNT(*) FROM lesson WHERE status = 0 AND publish_at < UTC_TIMESTAMP(3)";
    loop {
        let begin = Timestamp::now().as_millisecond() + 20;
        let wake = wakes::start(url, [begin, begin + 100], 0);
        let output = wake.wait_with_output().await.expect("a wake");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let rows = connection.rows(overdue, &[]).await.expect("a count");
        if rows[0].int(0).expect("a number") == 0 {
            return;
        }
    }
}

/// Of lessons that stayed as they were.
async fn lateness(
    connection: &mut Connection,
    scenario: &Scenario,
    edited: &edits::Edited,
    context: &str,
) -> Option<i64> {
    let planned: usize = scenario.lessons.iter().map(|(_, count)| count).sum();
    let sql = format!(
        "SELECT MAX(TIMESTAMPDIFF(MICROSECOND, publish_at, published_at) DIV 1000) FROM lesson \
         WHERE status = 1 AND id <= {planned} AND id NOT IN (0{})",
        edited
            .behind
            .iter()
            .map(|id| format!(",{id}"))
            .collect::<String>()
    );
    let rows = connection.rows(&sql, &[]).await.expect("a maximum");
    let late = rows[0].int_or_null(0).expect("a number");
    if scenario.crash.is_none() {
        assert!(late <= Some(5_000), "late by {late:?} ms: {context}");
    }
    late
}

async fn insert(connection: &mut Connection, publish_at: Timestamp, count: usize) {
    let row = format!("(1, '2031-01-06 09:00:00.000', '{}')", to_text(publish_at));
    let rows = vec![row.as_str(); count].join(",");
    let sql = format!("INSERT INTO lesson (center_id, starts_at, publish_at) VALUES {rows}");
    connection.execute_text(sql).await.expect("inserted");
}
