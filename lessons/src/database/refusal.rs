//! Why no connection was made, and what to do.

use sqlx::error::DatabaseError;
use sqlx::mysql::MySqlDatabaseError;

use crate::error::StoreError;

/// The error of an attempt to connect.
pub(super) fn explained(error: &sqlx::Error) -> StoreError {
    let advice = match error {
        sqlx::Error::Io(_) => Some("is the server running, and are host and port right?"),
        sqlx::Error::Database(refused) => advice(refused.as_ref()),
        _ => None,
    };
    StoreError::Connect(match advice {
        Some(advice) => format!("{error}; {advice}"),
        None => error.to_string(),
    })
}

fn advice(refused: &dyn DatabaseError) -> Option<&'static str> {
    let Some(mysql) = refused.try_downcast_ref::<MySqlDatabaseError>() else {
        // SQLITE_CANTOPEN
        return (refused.code().as_deref() == Some("14"))
            .then_some("is the path right? `punctual migrate` makes the file, but not its folder");
    };
    match mysql.number() {
        1044 => Some("give the user rights on this database: GRANT … ON name.* TO user"),
        1045 | 1698 => Some("check user and password"),
        1049 => Some("make it first: CREATE DATABASE name"),
        _ => None,
    }
}
