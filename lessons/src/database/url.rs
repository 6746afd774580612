//! A database's URL.

use std::str::FromStr as _;

use shared::config::ConfigError;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::login::Login;
use crate::error::StoreError;

pub(super) fn parse(url: &str) -> Result<Login, StoreError> {
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    match scheme {
        "mysql" | "mariadb" => {
            let options = MySqlConnectOptions::from_str(&format!("mysql:{rest}"))
                .map_err(|error| wrong(&error.to_string()))?;
            match options.get_database() {
                Some(_) => Ok(Login::MySql(Box::new(options))),
                None => Err(wrong(
                    "a database's name is missing: mysql://user:password@host:3306/NAME",
                )),
            }
        }
        "sqlite" => {
            let options = SqliteConnectOptions::from_str(url).map_err(|error| wrong(&error.to_string()))?;
            // Readers and the writer side by side; a commit is on the disk.
            let options = options
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            Ok(Login::Sqlite(Box::new(options)))
        }
        _ => Err(wrong(
            "begins neither with mysql:// nor with sqlite:, such as mysql://user:password@host:3306/name",
        )),
    }
}

fn wrong(problem: &str) -> StoreError {
    StoreError::Config(ConfigError {
        variable: "DATABASE_URL".to_owned(),
        problem: problem.to_owned(),
    })
}
