//! Our publisher against raw firing that was planned ahead, in turn.

use anyhow::Context as _;
use tokio::time::Instant;

use crate::client::Fired;
use crate::due::DueSet;
use crate::publisher;
use crate::stats::{Sample, ms};
use crate::table::Table;
use crate::{plan, progress};

/// Connections of the plain client, as many as the publisher's default has.
pub const CONNECTIONS: usize = 4;

/// Both with so many lessons due.
pub struct Compared {
    /// Lessons that open at the instant.
    pub due: usize,
    /// Last commits after the instant.
    pub ours: Sample,
    /// The same of the plain client.
    pub raw: Sample,
    /// First commits after the instant.
    pub ours_first: Sample,
    /// The same of the plain client.
    pub raw_first: Sample,
    /// Reading what is due and cutting it into chunks.
    pub plan: Sample,
    /// Linking when nothing has changed.
    pub link: Sample,
}

impl Compared {
    /// Ours over raw, of a quantile.
    pub fn ratio(&self, part: f64) -> f64 {
        self.ours.quantile(part) / self.raw.quantile(part)
    }
}

/// So many rounds of both, each time the other one first.
pub fn compare(table: &Table, due: usize, rounds: usize) -> anyhow::Result<Compared> {
    let mut set = DueSet::new(&table.url, table.scattered(due), CONNECTIONS)?;
    let bar = progress::bar(&format!("firing {due} lessons"), rounds as u64);
    let [mut ours, mut raw] = [const { Vec::new() }; 2];
    let [mut plans, mut links] = [const { Vec::new() }; 2];
    // The first round opens files and fills the buffer pool.
    for round in 0..=rounds {
        for turn in 0..2 {
            let aimed = set.aim()?;
            let fired = if (round + turn) % 2 == 0 {
                let fired = publisher::fire(&table.url, &set, aimed).context("the publisher")?;
                (&mut ours, fired)
            } else {
                let began = Instant::now();
                set.client.link(aimed.slot)?;
                let linked = ms(began.elapsed());
                let planned = plan::time(&mut set, aimed.slot)?;
                if round > 0 {
                    links.push(linked);
                    plans.push(planned);
                }
                (&mut raw, set.fire_raw(aimed).context("the plain client")?)
            };
            if round > 0 {
                fired.0.push(fired.1);
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Compared {
        due,
        ours: sample(&ours, |fired| fired.last_ms),
        raw: sample(&raw, |fired| fired.last_ms),
        ours_first: sample(&ours, |fired| fired.first_ms),
        raw_first: sample(&raw, |fired| fired.first_ms),
        plan: Sample::of(plans),
        link: Sample::of(links),
    })
}

fn sample(fired: &[Fired], time: fn(&Fired) -> f64) -> Sample {
    Sample::of(fired.iter().map(time).collect())
}
