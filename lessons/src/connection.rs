//! One connection to either database: statements in, rows out.
//!
//! The statements are the same for both, with `?` for values and times as text,
//! but for the few words in [`Dialect`].

mod dialect;
mod row;

use std::time::Duration;

use sqlx::mysql::{MySqlArguments, MySqlConnection};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, MySql, Sqlite};

pub use dialect::Dialect;
pub use row::{Row, Value};

use crate::error::StoreError;
use crate::within::within;

/// Longest wait for one statement. A flip's chunk takes milliseconds, linking a
/// large centre some hundred; what hangs for longer hangs on a dead connection.
const STATEMENT_LIMIT: Duration = Duration::from_secs(10);

/// An open connection. Dropping it in the middle of a transaction rolls back.
#[derive(Debug)]
pub enum Connection {
    /// MySQL, Aurora or MariaDB, and which of them.
    MySql(MySqlConnection, &'static Dialect),
    /// An SQLite file.
    Sqlite(SqliteConnection),
}

impl Connection {
    /// Asks a server which it is.
    ///
    /// # Errors
    /// What the server or the way to it says.
    pub(crate) async fn of_server(mut mysql: MySqlConnection) -> Result<Self, StoreError> {
        let row = sqlx::raw_sql("SELECT VERSION()").fetch_one(&mut mysql).await?;
        let version = Row::MySql(row).text(0)?;
        let dialect = match version.contains("MariaDB") {
            true => &dialect::MARIADB,
            false => &dialect::MYSQL,
        };
        Ok(Self::MySql(mysql, dialect))
    }

    /// The words in which the databases differ.
    pub fn dialect(&self) -> &'static Dialect {
        match self {
            Self::MySql(_, dialect) => dialect,
            Self::Sqlite(_) => &dialect::SQLITE,
        }
    }

    /// Carries out a prepared statement; answers how many rows matched.
    ///
    /// # Errors
    /// What the database or the way to it says.
    pub async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        let sql = AssertSqlSafe(sql.to_owned());
        within(STATEMENT_LIMIT, async {
            Ok(match self {
                Self::MySql(mysql, _) => {
                    let query = bind_mysql(sqlx::query(sql), values);
                    query.execute(mysql).await?.rows_affected()
                }
                Self::Sqlite(sqlite) => {
                    let query = bind_sqlite(sqlx::query(sql), values);
                    query.execute(sqlite).await?.rows_affected()
                }
            })
        })
        .await
    }

    /// Carries out one statement without values, or several with `;`, as they
    /// stand: one round trip, where a prepared statement takes two at first.
    ///
    /// # Errors
    /// What the database or the way to it says.
    pub async fn execute_text(&mut self, sql: String) -> Result<u64, StoreError> {
        let sql = AssertSqlSafe(sql);
        within(STATEMENT_LIMIT, async {
            Ok(match self {
                Self::MySql(mysql, _) => sqlx::raw_sql(sql).execute(mysql).await?.rows_affected(),
                Self::Sqlite(sqlite) => sqlx::raw_sql(sql).execute(sqlite).await?.rows_affected(),
            })
        })
        .await
    }

    /// All rows of a prepared query.
    ///
    /// # Errors
    /// What the database or the way to it says.
    pub async fn rows(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let sql = AssertSqlSafe(sql.to_owned());
        within(STATEMENT_LIMIT, async {
            Ok(match self {
                Self::MySql(mysql, _) => {
                    let rows = bind_mysql(sqlx::query(sql), values).fetch_all(mysql).await?;
                    rows.into_iter().map(Row::MySql).collect()
                }
                Self::Sqlite(sqlite) => {
                    let rows = bind_sqlite(sqlx::query(sql), values).fetch_all(sqlite).await?;
                    rows.into_iter().map(Row::Sqlite).collect()
                }
            })
        })
        .await
    }

    /// The first column of a prepared query's first row; 0 where there is none.
    ///
    /// # Errors
    /// What the database or the way to it says, or that it is no number.
    pub async fn number(&mut self, sql: &str, values: &[Value]) -> Result<i64, StoreError> {
        let rows = self.rows(sql, values).await?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    }

    /// Ends it in order. Its failure changes nothing.
    pub async fn close(self) {
        let closed = match self {
            Self::MySql(mysql, _) => within(STATEMENT_LIMIT, async { Ok(mysql.close().await?) }).await,
            Self::Sqlite(sqlite) => within(STATEMENT_LIMIT, async { Ok(sqlite.close().await?) }).await,
        };
        if let Err(error) = closed {
            tracing::debug!(%error, "a connection did not close in order");
        }
    }
}

type MySqlQuery<'q> = Query<'q, MySql, MySqlArguments>;
type SqliteQuery<'q> = Query<'q, Sqlite, SqliteArguments>;

fn bind_mysql<'q>(query: MySqlQuery<'q>, values: &[Value]) -> MySqlQuery<'q> {
    values.iter().fold(query, |query, value| match value {
        Value::Int(number) => query.bind(*number),
        Value::Text(text) => query.bind(text.clone()),
        Value::Null => query.bind(None::<String>),
    })
}

fn bind_sqlite<'q>(query: SqliteQuery<'q>, values: &[Value]) -> SqliteQuery<'q> {
    values.iter().fold(query, |query, value| match value {
        Value::Int(number) => query.bind(*number),
        Value::Text(text) => query.bind(text.clone()),
        Value::Null => query.bind(None::<String>),
    })
}
