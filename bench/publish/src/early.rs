//! Nothing opens before its instant: many slots, looked at from outside.

use std::thread;

use anyhow::{anyhow, ensure};
use fastrand::Rng;
use indicatif::ProgressBar;
use jiff::{SignedDuration, Timestamp};
use lessons::time::{Slot, from_text, to_millisecond, to_text};
use testkit::MariaDb;

use crate::client::Client;
use crate::looker;
use crate::stats::Sample;
use crate::{progress, publisher, server};

/// Slots at the same time, each in a database of its own.
const SIDE_BY_SIDE: usize = 8;
const LESSONS: usize = 20;
const AHEAD: SignedDuration = SignedDuration::from_millis(300);
const LENGTH_MS: i64 = 300;

/// What was seen.
#[derive(Default)]
pub struct Seen {
    /// Slots that were published.
    pub slots: usize,
    /// Lessons that opened in them.
    pub lessons: usize,
    /// Of these, those whose `published_at` is before their `publish_at`.
    pub early: i64,
    /// Commits that the publisher knew of before their instant.
    pub early_commits: usize,
    /// Looks from outside.
    pub looks: u64,
    /// Lessons that they saw open before their instant.
    pub seen_early: u64,
    /// `published_at` after `publish_at`.
    pub late: Sample,
}

/// Publishes so many slots of 300 ms, with lessons at random milliseconds.
pub fn watch(server: &MariaDb, slots: usize) -> anyhow::Result<Seen> {
    let each = slots.div_ceil(SIDE_BY_SIDE);
    let bar = &progress::bar(
        "slots with lessons at any millisecond",
        (each * SIDE_BY_SIDE) as u64,
    );
    let lanes: Vec<_> = thread::scope(|scope| {
        let lanes: Vec<_> = (0..SIDE_BY_SIDE)
            .map(|lane| {
                let url = server::migrated(server);
                scope.spawn(move || self::lane(&url?, each, lane as u64, bar))
            })
            .collect();
        let joined = lanes.into_iter().map(|lane| lane.join());
        joined
            .map(|lane| lane.map_err(|_| anyhow!("a lane panicked"))?)
            .collect::<anyhow::Result<_>>()
    })?;
    bar.finish_and_clear();
    let mut late = Vec::new();
    let mut all = Seen::default();
    for (lane, times) in lanes {
        all.slots += lane.slots;
        all.lessons += lane.lessons;
        all.early += lane.early;
        all.early_commits += lane.early_commits;
        all.looks += lane.looks;
        all.seen_early += lane.seen_early;
        late.extend(times);
    }
    all.late = Sample::of(late);
    Ok(all)
}

fn lane(url: &str, slots: usize, seed: u64, bar: &ProgressBar) -> anyhow::Result<(Seen, Vec<f64>)> {
    let mut client = Client::connect(url, 0)?;
    let mut random = Rng::with_seed(seed);
    let mut seen = Seen::default();
    for _ in 0..slots {
        let slot = slot(to_millisecond(client.clock()?.now()));
        client.execute(lessons(slot, &mut random))?;
        let looking = looker::start(url, slot)?;
        let answer = publisher::publish(url, slot)?;
        let looked = looking.join().map_err(|_| anyhow!("the looker panicked"))??;
        ensure!(answer.figures.published == LESSONS as u64, "{answer:?}");
        seen.slots += 1;
        seen.lessons += LESSONS;
        seen.early_commits += usize::from(answer.figures.first_commit_late_ms < Some(0));
        seen.looks += looked.looks;
        seen.seen_early += looked.early;
        bar.inc(1);
    }
    seen.early =
        client.number("SELECT COUNT(*) FROM lesson WHERE status <> 1 OR published_at < publish_at")?;
    let sql = "SELECT CAST(publish_at AS CHAR), CAST(published_at AS CHAR) FROM lesson";
    let rows = client.with(async |store| store.connection().rows(sql, &[]).await)?;
    let late = rows.iter().map(|row| {
        let late = from_text(&row.text(1)?)?.duration_since(from_text(&row.text(0)?)?);
        Ok(late.as_millis() as f64)
    });
    let late = late.collect::<anyhow::Result<_>>()?;
    Ok((seen, late))
}

fn slot(now: Timestamp) -> Slot {
    let begin = now + AHEAD;
    Slot {
        begin,
        end: begin + SignedDuration::from_millis(LENGTH_MS),
    }
}

fn lessons(slot: Slot, random: &mut Rng) -> String {
    let lesson = |_| {
        let at = slot.begin + SignedDuration::from_millis(random.i64(0..LENGTH_MS));
        format!("(1,'2031-01-06 09:00:00.000','{}')", to_text(at))
    };
    let values: Vec<String> = (0..LESSONS).map(lesson).collect();
    format!(
        "INSERT INTO lesson (center_id, starts_at, publish_at) VALUES {}",
        values.join(",")
    )
}
