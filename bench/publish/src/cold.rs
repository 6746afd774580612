//! Firing right after the database has started, with nothing in its buffer pool.

use std::time::Duration;

use anyhow::ensure;
use testkit::MariaDb;

use crate::due::DueSet;
use crate::table::Table;
use crate::{client::Client, fire, plan, publisher, server};

/// Schedule, write everything back, start again.
const LEAD: Duration = Duration::from_secs(12);
const DIRTY: &str = "SELECT CAST(VARIABLE_VALUE AS SIGNED) FROM information_schema.GLOBAL_STATUS \
                     WHERE VARIABLE_NAME = 'INNODB_BUFFER_POOL_PAGES_DIRTY'";

/// A table's times, straight from the disk.
pub struct Cold {
    /// Planning.
    pub plan_ms: f64,
    /// The publisher's last commit.
    pub fire_ms: f64,
}

/// Once for this table.
pub fn fire(server: &MariaDb, table: &Table, due: usize) -> anyhow::Result<Cold> {
    let ids = table.scattered(due);
    let mut set = DueSet::new(&table.url, ids, fire::CONNECTIONS)?;
    set.lead = LEAD;
    let mut aimed = set.aim()?;
    write_back(&mut set.client)?;
    // The lessons stay scheduled; kill -9 keeps the buffer pool from being saved.
    server.restart();
    set.client = Client::connect(&table.url, 0)?;
    aimed.clock = set.client.clock()?;
    ensure!(
        aimed.clock.now() < aimed.slot.begin,
        "the server took too long to start"
    );
    let plan_ms = plan::time(&mut set, aimed.slot)?;
    let fired = publisher::fire(&table.url, &set, aimed)?;
    Ok(Cold {
        plan_ms,
        fire_ms: fired.last_ms,
    })
}

/// Recovery would read into the buffer pool whatever is not yet written back.
fn write_back(client: &mut Client) -> anyhow::Result<()> {
    server::settle(client)?;
    for variable in ["innodb_max_dirty_pages_pct_lwm", "innodb_max_dirty_pages_pct"] {
        client.execute(format!("SET GLOBAL {variable} = 0"))?;
    }
    for _ in 0..100 {
        if client.number(DIRTY)? == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
