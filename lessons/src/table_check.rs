//! The check of the tables that is a function's first use of them.

use std::sync::OnceLock;

use shared::warmup::{Failed, Ping};

use crate::{Database, StoreError};

/// Checks the tables while a function starts, and remembers what time does not mend.
#[derive(Debug, Default)]
pub struct TableCheck(OnceLock<StoreError>);

impl TableCheck {
    /// Logs in, reads which version the tables have, and logs out: DNS, TLS, the
    /// login and its rights, and nothing is written. A connection of its own, since a
    /// function opens those that it works on when it is woken: none would outlive the
    /// time between two wakes. Sent whatever the mode: on tables of another version a
    /// function must not work.
    pub fn ping<'a>(&'a self, database: &'a Database) -> Ping<'a> {
        Ping::new("mysql", || self.check(database)).always()
    }

    async fn check(&self, database: &Database) -> Result<(), Failed> {
        let Err(error) = database.check().await else {
            return Ok(());
        };
        let mut failed = Failed::new(error.tag());
        match error.is_transient() {
            true => failed.detail = error.to_string(),
            // Logged as the reason why the function does not start.
            false => drop(self.0.set(error)),
        }
        Err(failed)
    }

    /// What the check found.
    ///
    /// # Errors
    /// When the tables are of another version, or the user may not read them. A
    /// database that cannot be reached now may be there when it is needed.
    pub fn outcome(self) -> Result<(), StoreError> {
        self.0.into_inner().map_or(Ok(()), Err)
    }
}
