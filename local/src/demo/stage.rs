//! What every act needs: the stack, and its database.

use anyhow::{Context as _, bail};

use crate::console::note;
use crate::running::RunningStack;
use crate::tables::Tables;

/// A running stack and its lesson tables.
pub(super) struct Stage<'a> {
    pub stack: &'a RunningStack,
    pub tables: Tables,
}

impl<'a> Stage<'a> {
    /// The tables are those that the stack names. It does not tell a password:
    /// a server's URL has to be `given`.
    pub fn new(stack: &'a RunningStack, given: Option<&str>) -> anyhow::Result<Self> {
        let url = stack.url();
        let shown = stack.database().with_context(|| {
            format!(
                "the stack at {url} has no lessons: its template has no parameter DatabaseUrl, or it is empty"
            )
        })?;
        let is_file = shown.starts_with("sqlite:");
        let tables = match given {
            Some(given) => Tables::at(given)?,
            None if is_file => Tables::at(shown)?,
            None => bail!(
                "the stack at {url} uses {shown}: give its URL with --database-url (or PUNCTUAL_DATABASE_URL), \
                 with the password"
            ),
        };
        // One server has many names; two files are two databases.
        if tables.to_string() != shown {
            if is_file {
                bail!("the stack at {url} uses {shown}, not {tables}: leave out --database-url");
            }
            note(format!(
                "the stack at {url} uses {shown}: if that is not {tables}, nothing will open"
            ));
        }
        Ok(Self { stack, tables })
    }
}
