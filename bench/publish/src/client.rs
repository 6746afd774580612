//! A plain client: connections that are open, statements that are text already.

use std::time::Duration;

use anyhow::Context as _;
use futures::future::try_join_all;
use jiff::Timestamp;
use lessons::Database;
use lessons::clock::DatabaseClock;
use lessons::store::SqlStore;
use lessons::time::Slot;
use schedule_publish::link::{Limits, link};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep_until};

const SAMPLES: usize = 5;
/// The last of the wait is spent looking at the clock: timers are exact to one.
const SPIN: Duration = Duration::from_millis(2);

/// A runtime as the function has it: one thread.
pub fn runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// Connections, and a store beside them for what is asked and not measured.
pub struct Client {
    runtime: Runtime,
    database: Database,
    store: SqlStore,
    connections: Vec<MySqlConnection>,
}

/// What a connection is to send, one statement after the other.
pub type Statements = Vec<String>;

/// What came of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fired {
    /// Rows that changed.
    pub rows: u64,
    /// When the first answer was there, after the instant.
    pub first_ms: f64,
    /// When the last answer was there, after the instant.
    pub last_ms: f64,
}

impl Client {
    /// Opens so many connections.
    pub fn connect(url: &str, connections: usize) -> anyhow::Result<Self> {
        let runtime = runtime()?;
        let options: MySqlConnectOptions = url.parse()?;
        let database = Database::from_url(url)?;
        let (store, connections) = runtime.block_on(async {
            let opening = (0..connections).map(|_| open(&options));
            anyhow::Ok((database.store().await?, try_join_all(opening).await?))
        })?;
        Ok(Self {
            runtime,
            database,
            store,
            connections,
        })
    }

    /// How many connections it has.
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// The database's clock, as the publisher measures it.
    pub fn clock(&mut self) -> anyhow::Result<DatabaseClock> {
        Ok(self
            .runtime
            .block_on(DatabaseClock::measure(&mut self.store, SAMPLES))?)
    }

    /// Links for a slot, as a wake does; nothing stops it early.
    pub fn link(&mut self, slot: Slot) -> anyhow::Result<()> {
        let clock = self.clock()?;
        let stop = Instant::now() + Duration::from_secs(600);
        let limits = Limits {
            ahead: stop,
            slot: stop,
        };
        self.runtime
            .block_on(link(self.database.clone(), slot, clock, limits));
        Ok(())
    }

    /// Works on the store.
    pub fn with<T>(&mut self, work: impl AsyncFnOnce(&mut SqlStore) -> T) -> T {
        self.runtime.block_on(work(&mut self.store))
    }

    /// The one number that a query answers.
    pub fn number(&mut self, sql: &str) -> anyhow::Result<i64> {
        let rows = self.runtime.block_on(self.store.connection().rows(sql, &[]))?;
        Ok(rows.first().context("no row")?.int(0)?)
    }

    /// Carries out a statement.
    pub fn execute(&mut self, sql: String) -> anyhow::Result<u64> {
        Ok(self.runtime.block_on(self.store.connection().execute_text(sql))?)
    }

    /// Sends each connection its statements at `instant` by the database's clock.
    pub fn fire(
        &mut self,
        clock: DatabaseClock,
        instant: Timestamp,
        statements: Vec<Statements>,
    ) -> anyhow::Result<Fired> {
        let when = clock.when(instant);
        let connections = self.connections.iter_mut().zip(statements);
        let firing = async {
            sleep_until(when.checked_sub(SPIN).unwrap_or(when)).await;
            while Instant::now() < when {
                std::hint::spin_loop();
            }
            try_join_all(connections.map(|(connection, statements)| send(connection, statements))).await
        };
        let answers = self.runtime.block_on(firing)?.concat();
        // Whole milliseconds, as the publisher counts them.
        let late = answers.iter().map(|answer| (answer.at - when).as_millis() as f64);
        Ok(Fired {
            rows: answers.iter().map(|answer| answer.rows).sum(),
            first_ms: late.clone().fold(f64::INFINITY, f64::min),
            last_ms: late.fold(0.0, f64::max),
        })
    }

    /// Sends each connection its statements now; answers how many rows changed.
    pub fn send(&mut self, statements: Vec<Statements>) -> anyhow::Result<u64> {
        let connections = self.connections.iter_mut().zip(statements);
        let sending = connections.map(|(connection, statements)| send(connection, statements));
        let answers = self.runtime.block_on(try_join_all(sending))?.concat();
        Ok(answers.iter().map(|answer| answer.rows).sum())
    }
}

/// To one statement.
#[derive(Debug, Clone, Copy)]
struct Answer {
    rows: u64,
    at: Instant,
}

/// With the one setting that the publisher's have and that makes its statements
/// faster on MariaDB.
async fn open(options: &MySqlConnectOptions) -> sqlx::Result<MySqlConnection> {
    let mut connection = MySqlConnection::connect_with(options).await?;
    let list = "SET SESSION in_predicate_conversion_threshold = 0";
    sqlx::raw_sql(list).execute(&mut connection).await?;
    Ok(connection)
}

async fn send(connection: &mut MySqlConnection, statements: Statements) -> sqlx::Result<Vec<Answer>> {
    let mut answers = Vec::with_capacity(statements.len());
    for sql in statements {
        let sent = sqlx::raw_sql(AssertSqlSafe(sql));
        let rows = sent.execute(&mut *connection).await?.rows_affected();
        let at = Instant::now();
        answers.push(Answer { rows, at });
    }
    Ok(answers)
}
