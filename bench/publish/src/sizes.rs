//! The same number of lessons due in tables of several sizes.

use tokio::time::Instant;

use crate::due::DueSet;
use crate::stats::{Sample, ms};
use crate::table::Table;
use crate::{fire, plan, progress, publisher};

/// A table's times, with everything in the buffer pool.
pub struct Size {
    /// Lessons in it.
    pub rows: i64,
    /// Linking when no centre has been seen.
    pub first_link_ms: f64,
    /// Linking when nothing has changed.
    pub link: Sample,
    /// Planning.
    pub plan: Sample,
    /// The publisher's last commit.
    pub fire: Sample,
}

/// So many rounds over all of the tables in turn.
pub fn compare(tables: &[Table], due: usize, rounds: usize) -> anyhow::Result<Vec<Size>> {
    let mut sets = Vec::new();
    for table in tables {
        sets.push(DueSet::new(&table.url, table.scattered(due), fire::CONNECTIONS)?);
    }
    let mut measured: Vec<[Vec<f64>; 3]> = vec![Default::default(); tables.len()];
    let bar = progress::bar(&format!("{due} lessons due in each table"), rounds as u64);
    // The first round fills the buffer pool and is not counted.
    for round in 0..=rounds {
        for ((table, set), times) in tables.iter().zip(&mut sets).zip(&mut measured) {
            let aimed = set.aim()?;
            let began = Instant::now();
            set.client.link(aimed.slot)?;
            let linked = ms(began.elapsed());
            let planned = plan::time(set, aimed.slot)?;
            let fired = publisher::fire(&table.url, set, aimed)?.last_ms;
            if round > 0 {
                for (times, time) in times.iter_mut().zip([linked, planned, fired]) {
                    times.push(time);
                }
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let all = tables.iter().zip(measured);
    Ok(all
        .map(|(table, times)| {
            let [link, plan, fire] = times.map(Sample::of);
            Size {
                rows: table.rows,
                first_link_ms: table.first_link_ms,
                link,
                plan,
                fire,
            }
        })
        .collect())
}
