//! What can go wrong between the code and the tables.

use shared::config::ConfigError;

/// A failure of the database or of what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The environment does not say where the database is.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No connection could be made.
    #[error("cannot connect to the database: {0}")]
    Connect(String),
    /// A connection broke, or nothing came back in time. Whether the statement
    /// was carried out is not known.
    #[error("lost the database: {0}")]
    Lost(String),
    /// Another transaction is in the way: a deadlock, a lock wait that ran out, a
    /// busy SQLite file. Nothing was done; the same statement may be sent again.
    #[error("the database was busy: {0}")]
    Busy(String),
    /// The database refuses the statement.
    #[error("the database refuses a statement: {0}")]
    Refused(String),
    /// The tables are not those of this version.
    #[error("{0}")]
    Schema(String),
    /// A value in a table has no meaning here.
    #[error("cannot read a value of the database: {0}")]
    Unreadable(String),
}

impl StoreError {
    /// A stable name for filters and alarms.
    pub fn tag(&self) -> &'static str {
        match self {
            Self::Config(_) => "config",
            Self::Connect(_) => "database_connect",
            Self::Lost(_) => "database_lost",
            Self::Busy(_) => "database_busy",
            Self::Refused(_) => "database_refused",
            Self::Schema(_) => "database_schema",
            Self::Unreadable(_) => "database_value",
        }
    }

    /// Whether a new connection and another attempt may succeed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Connect(_) | Self::Lost(_) | Self::Busy(_))
    }
}

/// MySQL: lock wait time-out, deadlock.
const MYSQL_BUSY: [u16; 2] = [1205, 1213];
/// MySQL, what a new connection or some time mends: too many connections (1040),
/// not ready in its cluster (1047, 3101), shutting down (1053), killed (1317, 1927),
/// read-only (1290, 1836: a fail-over's old writer; the name leads to the new one
/// after a reconnect), ended for idling (4031), interrupted after its time limit
/// (1969, 3024), a table that was altered meanwhile (1412, 1615), no space left
/// (1021, 1114).
const MYSQL_LOST: [u16; 15] = [
    1021, 1040, 1047, 1053, 1114, 1290, 1317, 1412, 1615, 1836, 1927, 1969, 3024, 3101, 4031,
];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(database) = &error else {
            return Self::Lost(error.to_string());
        };
        let text = database.message().to_owned();
        if let Some(mysql) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
            return match mysql.number() {
                number if MYSQL_BUSY.contains(&number) => Self::Busy(text),
                number if MYSQL_LOST.contains(&number) => Self::Lost(text),
                // No such table, no such column: another version's tables.
                1146 | 1054 => Self::Schema(crate::migrate::outdated(&text)),
                number => Self::Refused(format!("{number}: {text}")),
            };
        }
        // SQLite's primary codes BUSY and LOCKED, IOERR and FULL, in the low byte of
        // the extended ones.
        match database.code().and_then(|code| code.parse::<u32>().ok()) {
            Some(code) if matches!(code & 0xff, 5 | 6) => Self::Busy(text),
            Some(code) if matches!(code & 0xff, 10 | 13) => Self::Lost(text),
            _ if text.starts_with("no such") => Self::Schema(crate::migrate::outdated(&text)),
            _ => Self::Refused(text),
        }
    }
}
