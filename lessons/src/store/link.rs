//! Lessons get their instants from their centre's settings.

use std::collections::HashMap;

use jiff::Timestamp;

use super::fire::list;
use crate::connection::{Connection, Value};
use crate::error::StoreError;
use crate::time::Slot;

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

/// What linking has seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// A digest of the settings that each centre was linked with.
    pub settings: HashMap<i64, String>,
    /// The newest lesson; `None` before the first time.
    pub lesson: Option<i64>,
}

/// Some of a centre's lessons, by their kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Those of this kind.
    Kind(String),
    /// Those of all kinds but these.
    AllBut(Vec<String>),
}

/// The lessons of one setting and occurrence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linking {
    /// `center.id`.
    pub center: i64,
    /// Of these kinds.
    pub whom: Whom,
    /// Lessons that start in it.
    pub starts: Slot,
    /// When they open.
    pub publish_at: Timestamp,
    /// Lessons that a setting had open at this instant or earlier stay as they are.
    pub later_than: Timestamp,
}

/// A scheduled lesson whose instant came from a setting.
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
    pub publish_at: Timestamp,
}

impl Whom {
    /// A condition on `class_kind`, and its values.
    fn condition(&self) -> (String, Vec<Value>) {
        match self {
            Self::Kind(kind) => ("class_kind = ?".to_owned(), vec![kind.as_str().into()]),
            Self::AllBut(kinds) if kinds.is_empty() => ("1 = 1".to_owned(), Vec::new()),
            Self::AllBut(kinds) => {
                let marks = vec!["?"; kinds.len()].join(",");
                let values = kinds.iter().map(|kind| kind.as_str().into()).collect();
                (format!("class_kind NOT IN ({marks})"), values)
            }
        }
    }
}

pub(super) async fn settings(connection: &mut Connection) -> Result<Vec<Setting>, StoreError> {
    let sql = "SELECT id, center_id, class_kind, weekday, CAST(publish_time AS CHAR), weeks_ahead, time_zone \
               FROM auto_publish_setting WHERE enabled <> 0 ORDER BY id";
    let rows = connection.rows(sql, &[]).await?;
    let read = |row: &crate::connection::Row| {
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

pub(super) async fn link(connection: &mut Connection, linking: &Linking) -> Result<u64, StoreError> {
    let (condition, kinds) = linking.whom.condition();
    // A lesson whose two instants differ was set by a person, also where he took
    // the first away.
    let sql = format!(
        "UPDATE lesson SET publish_at = ?, auto_publish_at = ? \
         WHERE center_id = ? AND starts_at >= ? AND starts_at < ? AND status = 0 AND {condition} \
         AND ((publish_at IS NULL AND auto_publish_at IS NULL) \
         OR (publish_at = auto_publish_at AND publish_at <> ? AND publish_at > ?))"
    );
    let at = Value::from(linking.publish_at);
    let mut values = vec![
        at.clone(),
        at.clone(),
        linking.center.into(),
        linking.starts.begin.into(),
        linking.starts.end.into(),
    ];
    values.extend(kinds);
    values.extend([at, linking.later_than.into()]);
    connection.execute(&sql, &values).await
}

pub(super) async fn unlink(
    connection: &mut Connection,
    center: i64,
    whom: &Whom,
    after: Timestamp,
) -> Result<u64, StoreError> {
    let (condition, kinds) = whom.condition();
    let sql = format!(
        "UPDATE lesson SET publish_at = NULL, auto_publish_at = NULL \
         WHERE center_id = ? AND starts_at > ? AND status = 0 AND publish_at = auto_publish_at \
         AND publish_at > ? AND {condition}"
    );
    let mut values = vec![center.into(), after.into(), after.into()];
    values.extend(kinds);
    connection.execute(&sql, &values).await
}

pub(super) async fn linked(connection: &mut Connection, slot: Slot) -> Result<Vec<Linkable>, StoreError> {
    let sql = "SELECT id, center_id, class_kind, CAST(starts_at AS CHAR), CAST(publish_at AS CHAR) FROM lesson \
               WHERE status = 0 AND publish_at >= ? AND publish_at < ? AND publish_at = auto_publish_at \
               ORDER BY id";
    let rows = connection
        .rows(sql, &[slot.begin.into(), slot.end.into()])
        .await?;
    let read = |row: &crate::connection::Row| {
        Ok(Linkable {
            id: row.int(0)?,
            center: row.int(1)?,
            class_kind: row.text(2)?,
            starts_at: row.instant(3)?,
            publish_at: row.instant(4)?,
        })
    };
    rows.iter().map(read).collect()
}

pub(super) async fn relink(
    connection: &mut Connection,
    ids: &[i64],
    from: Timestamp,
    to: Option<Timestamp>,
) -> Result<u64, StoreError> {
    let sql = format!(
        "UPDATE lesson {} SET publish_at = ?, auto_publish_at = ? \
         WHERE id IN ({}) AND status = 0 AND publish_at = ? AND auto_publish_at = publish_at",
        connection.dialect().by_primary_key,
        list(ids)
    );
    let values = [to.into(), to.into(), from.into()];
    connection.execute(&sql, &values).await
}
