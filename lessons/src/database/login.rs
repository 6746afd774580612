//! How one logs in: the three ways, from the environment.

use shared::config::Env;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;

use super::url;
use crate::error::StoreError;

/// A way to log in. None of them shows a secret in its `Debug` text.
#[derive(Clone)]
pub(super) enum Login {
    /// With user and password.
    MySql(Box<MySqlConnectOptions>),
    /// With a token for each connection.
    #[cfg(feature = "iam")]
    Iam(Box<super::token::IamLogin>),
    /// A file.
    Sqlite(Box<SqliteConnectOptions>),
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::MySql(_) => "MySql",
            #[cfg(feature = "iam")]
            Self::Iam(_) => "Iam",
            Self::Sqlite(_) => "Sqlite",
        })
    }
}

impl Login {
    pub fn from_env(env: &Env) -> Result<Self, StoreError> {
        if let Some(url) = env.optional("DATABASE_URL") {
            return url::parse(&url);
        }
        #[cfg(feature = "iam")]
        if env.optional("DB_HOST").is_some() {
            return Ok(Self::Iam(Box::new(super::token::IamLogin::from_env(env)?)));
        }
        let purpose = "the database's URL; or set DB_HOST, DB_NAME and DB_USER to log in with IAM";
        Err(env
            .required("DATABASE_URL", purpose)
            .err()
            .map_or_else(|| StoreError::Connect(purpose.to_owned()), StoreError::Config))
    }
}
