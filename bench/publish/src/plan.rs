//! What planning takes: reading what is due, and cutting it into chunks.

use anyhow::ensure;
use lessons::Store as _;
use lessons::time::Slot;
use schedule_publish::config::Config;
use schedule_publish::plan::chunks;
use tokio::time::Instant;

use crate::due::DueSet;
use crate::stats::ms;

/// Plans a slot once; in ms.
pub fn time(set: &mut DueSet, slot: Slot) -> anyhow::Result<f64> {
    let began = Instant::now();
    let due = set.client.with(async |store| store.due(slot).await)?;
    let planned = chunks(&due, Config::default().chunk);
    let took = ms(began.elapsed());
    let ids = planned.iter().map(|chunk| chunk.ids.len()).sum::<usize>();
    ensure!(ids == set.ids.len(), "planned {ids} of {} lessons", set.ids.len());
    Ok(took)
}
