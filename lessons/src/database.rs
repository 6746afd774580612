//! Where the lesson tables are, and how one logs in.

mod login;
mod refusal;
#[cfg(feature = "iam")]
mod token;
mod url;

use std::time::Duration;

use shared::config::Env;
use sqlx::Connection as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::connection::Connection;
use crate::error::StoreError;
use crate::migrate;
use crate::store::SqlStore;

/// Longest wait for a connection, TLS and login included.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);

/// A database that connections can be opened to.
#[derive(Debug, Clone)]
pub struct Database {
    login: login::Login,
}

impl Database {
    /// The database of `DATABASE_URL`, or of `DB_HOST`, `DB_PORT`, `DB_NAME` and
    /// `DB_USER` with an IAM token (feature `iam`).
    ///
    /// # Errors
    /// Names the variable that is wrong or missing.
    pub fn from_env(env: &Env) -> Result<Self, StoreError> {
        Ok(Self {
            login: login::Login::from_env(env)?,
        })
    }

    /// The database of a URL: `mysql://user:password@host:3306/name`, or
    /// `sqlite:FILE`, which is made by [`Database::create`] alone.
    ///
    /// # Errors
    /// Says what is wrong with the URL, without the URL: it holds a password.
    pub fn from_url(url: &str) -> Result<Self, StoreError> {
        Ok(Self {
            login: url::parse(url)?,
        })
    }

    /// Opens a connection, with a login of its own.
    ///
    /// # Errors
    /// [`StoreError::Connect`], also when it takes longer than 5 s.
    pub async fn connect(&self) -> Result<Connection, StoreError> {
        let opening = async {
            let mut connection = match &self.login {
                login::Login::MySql(options) => mysql(options).await?,
                #[cfg(feature = "iam")]
                login::Login::Iam(iam) => mysql(&iam.options().await?).await?,
                login::Login::Sqlite(options) => sqlite(options).await?,
            };
            let on_connect = connection.dialect().on_connect;
            connection.execute_text(on_connect.to_owned()).await?;
            Ok(connection)
        };
        match tokio::time::timeout(CONNECT_LIMIT, opening).await {
            Ok(opened) => opened,
            Err(_) => Err(StoreError::Connect(format!(
                "no answer in {} s",
                CONNECT_LIMIT.as_secs()
            ))),
        }
    }

    /// Opens a connection, and makes the file of an SQLite database first.
    ///
    /// # Errors
    /// As [`Database::connect`].
    pub async fn create(&self) -> Result<Connection, StoreError> {
        if let login::Login::Sqlite(options) = &self.login {
            sqlite(&options.clone().create_if_missing(true))
                .await?
                .close()
                .await;
        }
        self.connect().await
    }

    /// Checks on a connection of its own that the tables are of this version.
    ///
    /// # Errors
    /// As [`Database::connect`] and [`migrate::check`].
    pub async fn check(&self) -> Result<(), StoreError> {
        let mut connection = self.connect().await?;
        migrate::check(&mut connection).await?;
        connection.close().await;
        Ok(())
    }

    /// A store on a new connection.
    ///
    /// # Errors
    /// As [`Database::connect`].
    pub async fn store(&self) -> Result<SqlStore, StoreError> {
        Ok(SqlStore::new(self.connect().await?))
    }
}

async fn mysql(options: &MySqlConnectOptions) -> Result<Connection, StoreError> {
    let opened = MySqlConnection::connect_with(options).await;
    Connection::of_server(opened.map_err(|error| refusal::explained(&error))?).await
}

async fn sqlite(options: &SqliteConnectOptions) -> Result<Connection, StoreError> {
    SqliteConnection::connect_with(options)
        .await
        .map(Connection::Sqlite)
        .map_err(|error| refusal::explained(&error))
}
