//! Changes of lessons that are known by their ids.

use crate::connection::Dialect;

/// One statement that changes those of `ids` for which `condition` holds. It waits
/// for rows that others have locked.
///
/// Numbers stand in the text as they are: a thousand `?` would have to be prepared
/// first, one more round trip at the instant. Without being told to go by the
/// primary key MySQL may walk the index on (status, publish_at) with all that is due.
pub(super) fn update(dialect: &Dialect, ids: &[i64], condition: &str, set: &str) -> String {
    let hint = match dialect.locks_rows {
        true => "FORCE INDEX (PRIMARY)",
        false => "NOT INDEXED",
    };
    let ids = list(ids);
    format!("UPDATE lesson {hint} SET {set} WHERE id IN ({ids}) AND {condition}")
}

/// The same, but for rows that others have locked: these are left.
///
/// The lock is taken by the subquery, which MySQL (8.0.1) and MariaDB (10.6) carry
/// out first; `LIMIT` keeps MySQL from merging it into the join. It takes 1.3 times
/// as long as the plain statement on MariaDB 10.11, and 1.04 times on MySQL 8.0.36
/// (timed by hand).
pub(super) fn update_free(dialect: &Dialect, ids: &[i64], condition: &str, set: &str) -> String {
    if !dialect.locks_rows {
        return update(dialect, ids, condition, set);
    }
    let (limit, ids) = (ids.len(), list(ids));
    format!(
        "UPDATE (SELECT id FROM lesson FORCE INDEX (PRIMARY) WHERE id IN ({ids}) AND {condition} \
         LIMIT {limit} FOR UPDATE SKIP LOCKED) free \
         STRAIGHT_JOIN lesson FORCE INDEX (PRIMARY) ON lesson.id = free.id SET {set}"
    )
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
