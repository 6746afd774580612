//! A reader that looks whether a lesson is open before its instant.

use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lessons::Store as _;
use lessons::store::SqlStore;
use lessons::time::{Slot, from_text, to_text};
use tokio::time::Instant;

use crate::client::Client;

const SAMPLES: usize = 9;
const PAUSE: Duration = Duration::from_millis(1);

/// What a looker has seen.
#[derive(Debug, Clone, Copy, Default)]
pub struct Looked {
    /// How often it looked.
    pub looks: u64,
    /// Lessons that were open before their instant.
    pub early: u64,
}

/// Looks on a thread and a connection of its own until the slot's end.
pub fn start(url: &str, slot: Slot) -> anyhow::Result<JoinHandle<anyhow::Result<Looked>>> {
    let mut client = Client::connect(url, 0)?;
    Ok(std::thread::spawn(move || {
        client.with(async |store| look(store, slot).await)
    }))
}

async fn look(store: &mut SqlStore, slot: Slot) -> anyhow::Result<Looked> {
    let clock = LatestClock::measure(store).await?;
    let mut looked = Looked::default();
    let span = "SELECT CAST(publish_at AS CHAR) FROM lesson WHERE status = 1 AND publish_at >= ?";
    while clock.now() < slot.end {
        let from = to_text(clock.now());
        let rows = store.connection().rows(span, &[from.as_str().into()]).await?;
        let now = clock.now();
        for row in rows {
            // Seen now, and its instant is still to come.
            looked.early += u64::from(from_text(&row.text(0)?)? > now);
        }
        looked.looks += 1;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(looked)
}

/// The database's clock or a little later, so that nothing is called early that
/// is not: it had not been asked yet when its answer's time was counted from.
struct LatestClock {
    reading: Timestamp,
    asked: Instant,
}

impl LatestClock {
    async fn measure(store: &mut SqlStore) -> anyhow::Result<Self> {
        let mut best: Option<Self> = None;
        for _ in 0..SAMPLES {
            let asked = Instant::now();
            let reading = store.now().await?;
            let sample = Self { reading, asked };
            if best.as_ref().is_none_or(|best| sample.at(asked) < best.at(asked)) {
                best = Some(sample);
            }
        }
        best.ok_or_else(|| anyhow::anyhow!("the database's clock was not read"))
    }

    fn now(&self) -> Timestamp {
        self.at(Instant::now())
    }

    fn at(&self, instant: Instant) -> Timestamp {
        let passed = SignedDuration::try_from(instant.duration_since(self.asked));
        self.reading + passed.unwrap_or_default()
    }
}
