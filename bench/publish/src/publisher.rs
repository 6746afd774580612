//! Our publisher, on a thread's runtime of its own as in its function.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use lessons::Database;
use lessons::time::Slot;
use schedule_publish::answer::SlotAnswer;
use schedule_publish::config::Config;
use schedule_publish::wake;
use tokio::time::Instant;

use crate::client::{self, Fired};
use crate::due::{Aimed, DueSet};

const LIMIT: Duration = Duration::from_secs(60);

/// Wakes for a slot, and answers when it is done.
pub fn publish(url: &str, slot: Slot) -> anyhow::Result<SlotAnswer> {
    let database = Database::from_url(url)?;
    let publishing = async {
        let until = Instant::now() + LIMIT;
        wake::publish(&database, Config::default(), slot, until).await
    };
    Ok(client::runtime()?.block_on(publishing)?)
}

/// Opens a set's lessons.
pub fn fire(url: &str, set: &DueSet, aimed: Aimed) -> anyhow::Result<Fired> {
    let answer = publish(url, aimed.slot)?;
    set.check(answer.figures.published)?;
    ensure!(answer.figures.recovered == 0, "recovered lessons: {answer:?}");
    let figures = &answer.figures;
    let commits = figures.first_commit_late_ms.zip(figures.last_commit_late_ms);
    let (first, last) = commits.context("nothing was opened")?;
    ensure!(first >= 0, "early: {answer:?}");
    Ok(Fired {
        rows: answer.figures.published,
        first_ms: first as f64,
        last_ms: last as f64,
    })
}
