//! The tables' shape, brought up to date and checked.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migrate as _, MigrateError, Migration, MigrationType, Migrator};

use crate::connection::Connection;
use crate::error::StoreError;

/// Where sqlx writes down what was applied.
const TABLE: &str = "_sqlx_migrations";

const MYSQL: [&str; 2] = [
    include_str!("../migrations/mysql/0001_lessons.sql"),
    include_str!("../migrations/mysql/0002_new_lessons.sql"),
];
const SQLITE: [&str; 2] = [
    include_str!("../migrations/sqlite/0001_lessons.sql"),
    include_str!("../migrations/sqlite/0002_new_lessons.sql"),
];
const NAMES: [&str; 2] = ["lessons", "new lessons"];

/// What a migration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// Version before; 0 for an empty database.
    pub from: i64,
    /// Version now.
    pub to: i64,
}

/// Brings the tables up to this version; several at once wait for each other.
///
/// # Errors
/// When the database cannot be reached, a statement is refused, or an earlier
/// migration was changed or broke off.
pub async fn run(connection: &mut Connection) -> Result<Migrated, StoreError> {
    let from = version(connection).await?;
    match connection {
        Connection::MySql(mysql, _) => migrator(&MYSQL).run_direct(None, mysql, false).await,
        Connection::Sqlite(sqlite) => migrator(&SQLITE).run_direct(None, sqlite, false).await,
    }
    .map_err(explained)?;
    Ok(Migrated { from, to: newest() })
}

/// Checks that the tables are there and of this version or a later one, which a
/// rolling deployment may have brought already.
///
/// # Errors
/// [`StoreError::Schema`], which says what to do.
pub async fn check(connection: &mut Connection) -> Result<(), StoreError> {
    let version = version(connection).await?;
    if version > 0
        && let Some(broken) = broken_off(connection).await?
    {
        return Err(explained(MigrateError::Dirty(broken)));
    }
    match version {
        0 => Err(StoreError::Schema(outdated("there are no lesson tables"))),
        found if found < newest() => Err(StoreError::Schema(outdated(&format!(
            "the tables are of version {found}, this program needs {}",
            newest()
        )))),
        _ => Ok(()),
    }
}

/// A schema error's words: what is wrong, and what to do.
pub(crate) fn outdated(problem: &str) -> String {
    format!("{problem}; run `punctual migrate --database-url mysql://…` with a user who may create tables")
}

fn newest() -> i64 {
    NAMES.len() as i64
}

/// The newest migration that was applied; 0 in a database without any.
async fn version(connection: &mut Connection) -> Result<i64, StoreError> {
    let tables = connection
        .rows(
            match connection {
                Connection::MySql(..) => {
                    "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?"
                }
                Connection::Sqlite(_) => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?",
            },
            &[TABLE.into()],
        )
        .await?;
    if tables.first().map(|row| row.int(0)).transpose()? != Some(1) {
        return Ok(0);
    }
    let applied = match connection {
        Connection::MySql(mysql, _) => mysql.list_applied_migrations(TABLE).await,
        Connection::Sqlite(sqlite) => sqlite.list_applied_migrations(TABLE).await,
    };
    let versions = applied.map_err(explained)?.into_iter().map(|one| one.version);
    Ok(versions.max().unwrap_or(0))
}

/// A migration that did not come to its end.
async fn broken_off(connection: &mut Connection) -> Result<Option<i64>, StoreError> {
    let broken = match connection {
        Connection::MySql(mysql, _) => mysql.dirty_version(TABLE).await,
        Connection::Sqlite(sqlite) => sqlite.dirty_version(TABLE).await,
    };
    broken.map_err(explained)
}

fn migrator(statements: &[&'static str]) -> Migrator {
    let migration = |((number, sql), name): ((i64, &&'static str), &&'static str)| {
        Migration::new(
            number,
            (*name).into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    let numbered = (1..).zip(statements).zip(&NAMES);
    Migrator::with_migrations(numbered.map(migration).collect())
}

fn explained(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
            without_rights(error.into())
        }
        MigrateError::Dirty(version) => StoreError::Schema(format!(
            "migration {version} broke off before its end (MySQL cannot undo CREATE TABLE): drop what it made and \
             its row in {TABLE}, then run it again"
        )),
        error => StoreError::Schema(error.to_string()),
    }
}

/// MySQL: command denied for a table (1142), for a database (1044).
fn without_rights(error: StoreError) -> StoreError {
    match error {
        StoreError::Refused(text) if ["1142: ", "1044: "].iter().any(|number| text.starts_with(number)) => {
            StoreError::Schema(format!(
                "the user may not make tables ({text}): migrate as one who may, or GRANT CREATE, CREATE VIEW, ALTER, \
                 DROP, INDEX, SELECT, INSERT, UPDATE, DELETE ON name.* TO user"
            ))
        }
        error => error,
    }
}
