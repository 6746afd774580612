//! Where the lesson tables are, and whether they can be used.

mod place;

use std::path::{Path, PathBuf};

use lessons::connection::Connection;
use lessons::{Database, StoreError, migrate};

/// The embedded default's file in the data directory.
const FILE: &str = "lessons.db";

/// A database for lessons.
#[derive(Clone, PartialEq, Eq)]
pub struct Tables {
    url: String,
    /// The folder of the stack's own file, if it is that.
    data_dir: Option<PathBuf>,
}

/// Why the tables cannot be used, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// It is no database's URL. It is not shown: it may hold a password.
    #[error("--database-url: {0}")]
    Url(String),
    /// The folder of the embedded file cannot be made.
    #[error("cannot make the folder {0} for the lessons: {1}; choose another with --data-dir")]
    Folder(PathBuf, std::io::Error),
    /// The database.
    #[error("{0}: {1}")]
    Store(String, StoreError),
}

impl Tables {
    /// Those of a URL that was given. A relative file is found from here: the
    /// functions run elsewhere.
    pub fn at(url: &str) -> Result<Self, TablesError> {
        let tables = Self {
            url: place::absolute(url),
            data_dir: None,
        };
        tables.database().map(|_| tables)
    }

    /// The embedded default: a file in the data directory.
    pub fn embedded(data_dir: &Path) -> Self {
        Self {
            url: place::file_url(&data_dir.join(FILE), None),
            data_dir: Some(data_dir.to_owned()),
        }
    }

    /// Those of the URL, or else the embedded ones.
    pub fn choose(url: Option<&str>, data_dir: &Path) -> Result<Self, TablesError> {
        url.map_or_else(|| Ok(Self::embedded(data_dir)), Self::at)
    }

    /// For the functions, with the password.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection to tables of this version. The embedded ones are made and
    /// migrated here; any others are somebody's data and only checked.
    pub async fn open(&self) -> Result<Connection, TablesError> {
        let database = self.database()?;
        let opened = async {
            match self.data_dir {
                Some(_) => {
                    let mut connection = database.create().await?;
                    migrate::run(&mut connection).await?;
                    Ok(connection)
                }
                None => {
                    let mut connection = database.connect().await?;
                    migrate::check(&mut connection).await?;
                    Ok(connection)
                }
            }
        };
        if let Some(folder) = &self.data_dir {
            let unusable = |error| TablesError::Folder(folder.clone(), error);
            std::fs::create_dir_all(folder).map_err(unusable)?;
        }
        opened.await.map_err(|error| self.failed(error))
    }

    /// Brings the tables up to this version.
    pub async fn migrate(&self) -> Result<migrate::Migrated, TablesError> {
        let database = self.database()?;
        let migrated = async {
            let mut connection = database.create().await?;
            let migrated = migrate::run(&mut connection).await?;
            connection.close().await;
            Ok(migrated)
        };
        migrated.await.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: StoreError) -> TablesError {
        TablesError::Store(self.to_string(), error)
    }

    fn database(&self) -> Result<Database, TablesError> {
        Database::from_url(&self.url).map_err(|error| match error {
            // The variable's name would mislead: it was an option.
            StoreError::Config(error) => TablesError::Url(error.problem),
            error => self.failed(error),
        })
    }
}

/// The URL without the password.
impl std::fmt::Display for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&place::without_password(&self.url))
    }
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tables({self})")
    }
}

#[cfg(test)]
mod tests;
