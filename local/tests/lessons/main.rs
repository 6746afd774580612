//! The commands around the lesson tables, as a user runs them: on SQLite with the
//! project's own template, and on a real MariaDB.

mod demo;
mod generate;
mod invoke;
mod migrate;
mod support;
