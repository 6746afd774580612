//! The database that everything is measured on.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use lessons::{Database, migrate};
use testkit::{MariaDb, Options};

use crate::client::Client;

/// What it is started with beside testkit's fsync at commit.
pub const ARGUMENTS: [&str; 2] = ["--innodb-buffer-pool-size=1G", "--innodb-log-file-size=256M"];
/// Undo that is left over from before; purging it costs what is measured after.
const SETTLED: i64 = 50;
const SETTLE_LIMIT: u32 = 20;
const HISTORY: &str = "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.GLOBAL_STATUS \
                       WHERE VARIABLE_NAME = 'INNODB_HISTORY_LIST_LENGTH'";

/// A server with both, empty.
pub fn start() -> MariaDb {
    MariaDb::start(Options {
        arguments: ARGUMENTS.map(str::to_owned).to_vec(),
        ..Options::default()
    })
}

/// A database with the lesson tables; answers its URL.
pub fn migrated(server: &MariaDb) -> anyhow::Result<String> {
    let url = server.database();
    let runtime = crate::client::runtime()?;
    runtime.block_on(async {
        let mut connection = Database::from_url(&url)?.connect().await?;
        migrate::run(&mut connection).await?;
        connection.close().await;
        anyhow::Ok(())
    })?;
    Ok(url)
}

/// Waits until the server has cleaned up after what was done before.
pub fn settle(client: &mut Client) -> anyhow::Result<()> {
    for _ in 0..SETTLE_LIMIT {
        if client.number(HISTORY)? < SETTLED {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// `MariaDB 10.11.14`.
pub fn version(server: &MariaDb) -> anyhow::Result<String> {
    let version = server.execute("", "SELECT VERSION()");
    let number = version.split('-').next().context("a version")?;
    ensure!(!number.is_empty(), "the server does not tell its version");
    Ok(format!("MariaDB {number}"))
}
