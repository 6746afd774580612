//! The rows' way into the tables.

use std::time::Duration;

use lessons::StoreError;
use lessons::connection::Connection;

use super::row::Row;

/// Rows of one INSERT.
const STATEMENT: usize = 1_000;
/// Rows of one transaction: a commit waits for the disk, and with SQLite a
/// publisher waits for the commit.
pub(super) const TRANSACTION: usize = 10_000;
/// Attempts at a transaction that others are in the way of.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(100);
/// What the names of generated centres end with: they tell them from real ones.
const MARK: &str = "(generated)";

/// Inserts at most [`TRANSACTION`] rows: all of them, or none.
pub(super) async fn insert(connection: &mut Connection, rows: &[Row]) -> Result<(), StoreError> {
    let columns =
        "INSERT INTO lesson (center_id, class_kind, title, starts_at, publish_at, status, published_at)";
    let statements = rows.chunks(STATEMENT).map(|rows| {
        let mut sql = format!("{columns} VALUES ");
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                sql.push(',');
            }
            row.write(&mut sql);
        }
        sql
    });
    in_transaction(connection, &statements.collect::<Vec<_>>()).await
}

/// The ids of `count` generated centres; those that are missing are made.
pub(super) async fn centers(connection: &mut Connection, count: u32) -> Result<Vec<i64>, StoreError> {
    let there = generated(connection, count).await?.len();
    let missing: Vec<u32> = (1..=count).skip(there).collect();
    let statements = missing.chunks(STATEMENT).map(|numbers| {
        let values: Vec<String> = numbers
            .iter()
            .map(|number| format!("('Center {number} {MARK}')"))
            .collect();
        format!("INSERT INTO center (name) VALUES {}", values.join(","))
    });
    in_transaction(connection, &statements.collect::<Vec<_>>()).await?;
    generated(connection, count).await
}

async fn generated(connection: &mut Connection, count: u32) -> Result<Vec<i64>, StoreError> {
    let sql = format!("SELECT id FROM center WHERE name LIKE 'Center % {MARK}' ORDER BY id LIMIT {count}");
    let rows = connection.rows(&sql, &[]).await?;
    rows.iter().map(|row| row.int(0)).collect()
}

async fn in_transaction(connection: &mut Connection, statements: &[String]) -> Result<(), StoreError> {
    if statements.is_empty() {
        return Ok(());
    }
    let mut tries = 1;
    loop {
        match attempt(connection, statements).await {
            Err(StoreError::Busy(_)) if tries < TRIES => {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

async fn attempt(connection: &mut Connection, statements: &[String]) -> Result<(), StoreError> {
    let begin = connection.dialect().begin;
    connection.execute_text(begin.to_owned()).await?;
    for statement in statements {
        if let Err(error) = connection.execute_text(statement.clone()).await {
            // Of the two errors the first one tells more.
            let _ = connection.execute_text("ROLLBACK".to_owned()).await;
            return Err(error);
        }
    }
    connection.execute_text("COMMIT".to_owned()).await?;
    Ok(())
}
