//! Statements as text, made before they are needed.

use jiff::Timestamp;
use lessons::time::to_text;

use crate::client::Statements;

/// Lessons that one statement opens, as the publisher's default has it.
pub const CHUNK: usize = 1_000;

/// What opens a lesson, without a fence; the number stands for a run's.
fn open(instant: Timestamp) -> (&'static str, String) {
    let set = "SET status = 1, published_at = UTC_TIMESTAMP(3), publish_run_id = 1";
    let still = format!("status = 0 AND publish_at = '{}'", to_text(instant));
    (set, still)
}

/// Opens these in one statement, by the primary key.
pub fn open_list(ids: &[i64], instant: Timestamp) -> String {
    let (set, still) = open(instant);
    let ids = list(ids);
    format!("UPDATE lesson FORCE INDEX (PRIMARY) {set} WHERE id IN ({ids}) AND {still}")
}

/// Opens one.
pub fn open_one(id: i64, instant: Timestamp) -> String {
    let (set, still) = open(instant);
    format!("UPDATE lesson {set} WHERE id = {id} AND {still}")
}

/// Opens whatever is due at the instant.
pub fn open_due(instant: Timestamp) -> String {
    let (set, still) = open(instant);
    format!("UPDATE lesson {set} WHERE {still}")
}

/// Schedules these again, for an instant.
pub fn schedule(ids: &[i64], instant: Timestamp) -> String {
    format!(
        "UPDATE lesson FORCE INDEX (PRIMARY) SET status = 0, published_at = NULL, publish_run_id = NULL, \
         publish_at = '{}' WHERE id IN ({})",
        to_text(instant),
        list(ids)
    )
}

/// A statement for each chunk of the ids, dealt out to so many connections.
pub fn dealt(ids: &[i64], connections: usize, statement: impl Fn(&[i64]) -> String) -> Vec<Statements> {
    let mut hands = vec![Vec::new(); connections];
    for (index, chunk) in ids.chunks(CHUNK).enumerate() {
        hands[index % connections].push(statement(chunk));
    }
    hands
}

fn list(ids: &[i64]) -> String {
    let ids: Vec<String> = ids.iter().map(i64::to_string).collect();
    ids.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_dealt_once() {
        let ids: Vec<i64> = (0..4_500).collect();
        let hands = dealt(&ids, 4, |chunk| chunk.len().to_string());
        assert_eq!(
            hands,
            [vec!["1000", "500"], vec!["1000"], vec!["1000"], vec!["1000"]]
        );
    }
}
