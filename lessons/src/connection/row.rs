//! Values that go into statements, and rows that come out.

use sqlx::Row as _;
use sqlx::mysql::MySqlRow;
use sqlx::sqlite::SqliteRow;

use crate::error::StoreError;
use crate::time;

/// A value for a `?`.
#[derive(Debug, Clone)]
pub enum Value {
    /// A whole number.
    Int(i64),
    /// A text; a time too.
    Text(String),
    /// No value.
    Null,
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<jiff::Timestamp> for Value {
    fn from(instant: jiff::Timestamp) -> Self {
        Self::Text(time::to_text(instant))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of either database. Columns are counted from 0; times are selected
/// with `CAST(… AS CHAR)`.
#[derive(Debug)]
pub enum Row {
    /// MySQL's.
    MySql(MySqlRow),
    /// SQLite's.
    Sqlite(SqliteRow),
}

impl Row {
    /// A whole number.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`], as for all of these.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.int_or_null(column)?.ok_or_else(|| missing(column))
    }

    /// A whole number, or NULL.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn int_or_null(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self {
            Self::MySql(row) => row.try_get(column),
            Self::Sqlite(row) => row.try_get(column),
        }
        .map_err(unreadable)
    }

    /// A text.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.text_or_null(column)?.ok_or_else(|| missing(column))
    }

    /// A text, or NULL.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn text_or_null(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self {
            Self::MySql(row) => row.try_get(column),
            Self::Sqlite(row) => row.try_get(column),
        }
        .map_err(unreadable)
    }

    /// An instant.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn instant(&self, column: usize) -> Result<jiff::Timestamp, StoreError> {
        time::from_text(&self.text(column)?)
    }

    /// An instant, or NULL.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn instant_or_null(&self, column: usize) -> Result<Option<jiff::Timestamp>, StoreError> {
        self.text_or_null(column)?
            .map(|text| time::from_text(&text))
            .transpose()
    }
}

fn unreadable(error: sqlx::Error) -> StoreError {
    StoreError::Unreadable(error.to_string())
}

fn missing(column: usize) -> StoreError {
    StoreError::Unreadable(format!("column {column} is NULL"))
}
