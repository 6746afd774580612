//! Changes of lessons that are known by their ids.

use crate::connection::Dialect;

/// One statement that changes those of `ids` for which `condition` holds and
/// that nobody has locked: a row that somebody keeps locked delays no other.
///
/// The lock is taken by the subquery, which MySQL (8.0.1) and MariaDB (10.6) carry
/// out first. Both go by the primary key: without being told they may walk the
/// index on (status, publish_at) with all that is due, or a small table whole. `LIMIT` keeps MySQL from merging it
/// into the join. Numbers stand in the text as they are: a thousand `?` would have
/// to be prepared first, one more round trip at the instant.
pub(super) fn update(dialect: &Dialect, ids: &[i64], condition: &str, set: &str) -> String {
    let (limit, ids) = (ids.len(), list(ids));
    match dialect.locks_rows {
        true => format!(
            "UPDATE (SELECT id FROM lesson FORCE INDEX (PRIMARY) WHERE id IN ({ids}) AND {condition} \
             LIMIT {limit} FOR UPDATE SKIP LOCKED) free \
             STRAIGHT_JOIN lesson FORCE INDEX (PRIMARY) ON lesson.id = free.id SET {set}"
        ),
        false => format!("UPDATE lesson NOT INDEXED SET {set} WHERE id IN ({ids}) AND {condition}"),
    }
}

fn list(ids: &[i64]) -> String {
    let mut text = String::with_capacity(ids.len() * 8);
    for (index, id) in ids.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&id.to_string());
    }
    text
}
