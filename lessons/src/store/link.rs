//! Lessons get their instants from their centre's settings.

use std::ops::AddAssign;

use jiff::Timestamp;

use super::by_id;
use crate::connection::{Connection, Row, Value};
use crate::error::StoreError;
use crate::time::{Slot, to_text};

/// Most lessons that one statement moves.
const CHUNK: usize = 1_000;

/// A row of `auto_publish_setting`, as it is written there: whether it makes
/// sense is for who uses it to say.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Setting {
    /// `auto_publish_setting.id`.
    pub id: i64,
    /// `center.id`.
    pub center: i64,
    /// The kind of class; `None` for all that have no setting of their own.
    pub class_kind: Option<String>,
    /// 1 Monday … 7 Sunday.
    pub weekday: i64,
    /// Wall clock, such as `10:30:00`.
    pub publish_time: String,
    /// Weeks from the opening's week to its lessons' week.
    pub weeks_ahead: i64,
    /// IANA name.
    pub time_zone: String,
}

/// A scheduled lesson, and the two instants that say who decides when it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linkable {
    /// `lesson.id`.
    pub id: i64,
    /// `center.id`.
    pub center: i64,
    /// Its kind.
    pub class_kind: String,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it opens, as things stand.
    pub publish_at: Option<Timestamp>,
    /// What linking gave it.
    pub auto_publish_at: Option<Timestamp>,
}

/// What came of moving lessons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moved {
    /// How many were moved.
    pub moved: u64,
    /// How many were not: somebody has them locked, or changed them meanwhile.
    pub left: u64,
}

impl AddAssign for Moved {
    fn add_assign(&mut self, other: Self) {
        self.moved += other.moved;
        self.left += other.left;
    }
}

pub(super) async fn settings(connection: &mut Connection) -> Result<Vec<Setting>, StoreError> {
    let sql = "SELECT id, center_id, class_kind, weekday, CAST(publish_time AS CHAR), weeks_ahead, time_zone \
               FROM auto_publish_setting WHERE enabled <> 0 ORDER BY id";
    let rows = connection.rows(sql, &[]).await?;
    let read = |row: &Row| {
        Ok(Setting {
            id: row.int(0)?,
            center: row.int(1)?,
            class_kind: row.text_or_null(2)?,
            weekday: row.int(3)?,
            publish_time: row.text(4)?,
            weeks_ahead: row.int(5)?,
            time_zone: row.text(6)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Without MariaDB's zero dates, which are no instants.
const LINKABLE: &str = "SELECT id, center_id, class_kind, CAST(starts_at AS CHAR), CAST(publish_at AS CHAR), \
                        CAST(auto_publish_at AS CHAR) FROM lesson WHERE status = 0 \
                        AND starts_at >= '1970-01-01' AND (publish_at IS NULL OR publish_at >= '1970-01-01')";

pub(super) async fn linked(connection: &mut Connection, slot: Slot) -> Result<Vec<Linkable>, StoreError> {
    let sql = format!(
        "{LINKABLE} AND publish_at >= ? AND publish_at < ? AND publish_at = auto_publish_at ORDER BY id"
    );
    let values = [slot.begin.into(), slot.end.into()];
    let rows = connection.rows(&sql, &values).await?;
    rows.iter().map(read).collect()
}

pub(super) async fn of_center(
    connection: &mut Connection,
    center: i64,
    starts: Slot,
    after: Option<&Linkable>,
    limit: usize,
) -> Result<Vec<Linkable>, StoreError> {
    let sql = format!(
        "{LINKABLE} AND center_id = ? AND starts_at >= ? AND starts_at < ? AND (starts_at > ? OR id > ?) \
         ORDER BY starts_at, id LIMIT {limit}"
    );
    let from = after.map_or(starts.begin, |after| after.starts_at);
    let id = after.map_or(0, |after| after.id);
    let values: [Value; 5] = [
        center.into(),
        from.into(),
        starts.end.into(),
        from.into(),
        id.into(),
    ];
    let rows = connection.rows(&sql, &values).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Linkable, StoreError> {
    Ok(Linkable {
        id: row.int(0)?,
        center: row.int(1)?,
        class_kind: row.text(2)?,
        starts_at: row.instant(3)?,
        publish_at: row.instant_or_null(4)?,
        auto_publish_at: row.instant_or_null(5)?,
    })
}

pub(super) async fn relink(
    connection: &mut Connection,
    ids: &[i64],
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<Moved, StoreError> {
    let condition = match from {
        Some(from) => format!(
            "status = 0 AND publish_at = '{}' AND auto_publish_at = publish_at",
            to_text(from)
        ),
        None => "status = 0 AND publish_at IS NULL AND auto_publish_at IS NULL".to_owned(),
    };
    let to = to.map_or("NULL".to_owned(), |to| format!("'{}'", to_text(to)));
    let set = format!("publish_at = {to}, auto_publish_at = {to}");
    let mut moved = 0;
    for ids in ids.chunks(CHUNK) {
        let sql = by_id::update_free(connection.dialect(), ids, &condition, &set);
        moved += connection.execute_text(sql).await?;
    }
    Ok(Moved {
        moved,
        left: (ids.len() as u64).saturating_sub(moved),
    })
}
