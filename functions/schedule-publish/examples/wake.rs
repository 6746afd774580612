//! One wake of a slot that may be shorter than a minute, as a process that a
//! test can kill: `wake DATABASE_URL BEGIN_MS END_MS`. Prints the answer.

use std::time::Duration;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use lessons::Database;
use lessons::time::Slot;
use schedule_publish::{config::Config, wake};
use tokio::time::Instant;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, begin, end] = arguments.as_slice() else {
        bail!("wake DATABASE_URL BEGIN_MS END_MS");
    };
    let instant = |text: &str| {
        let ms = text.parse().context("milliseconds")?;
        Timestamp::from_millisecond(ms).context("an instant")
    };
    let slot = Slot {
        begin: instant(begin)?,
        end: instant(end)?,
    };
    let database = Database::from_url(url)?;
    let until = Instant::now() + Duration::from_secs(60);
    let answer = wake::publish(&database, Config::default(), slot, until).await?;
    println!("{}", serde_json::to_string(&answer)?);
    Ok(())
}
