//! The lesson tables, and what publishing and watching do with them.
//!
//! | module | owns |
//! |---|---|
//! | [`time`] | instants as both databases write them, the minute that is published at once |
//! | [`clock`] | the database's clock, carried on without asking it each time |
//! | [`database`] | where the tables are, how one logs in: a URL, or an IAM token for each connection |
//! | [`connection`] | one connection to either database: statements in, rows out |
//! | [`migrate`] | the tables' shape, brought up to date and checked |
//! | [`TableCheck`] | the check as a part of a function's warm-up |
//! | [`store`] | the verbs: runs and their lease, what is due, firing, linking, incidents |
//! | [`within()`] | how long one waits for an answer |
//! | [`error`] | what can go wrong, and whether trying again helps |
//!
//! Nothing here decides when something happens; that is schedule-publish's and
//! schedule-watch's.

pub mod clock;
pub mod connection;
pub mod database;
pub mod error;
pub mod migrate;
pub mod store;
mod table_check;
pub mod time;
mod within;

pub use async_trait::async_trait;
pub use database::Database;
pub use error::StoreError;
pub use store::Store;
pub use table_check::TableCheck;
pub use within::within;
