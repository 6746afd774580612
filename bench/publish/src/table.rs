//! Lesson tables, filled.

use std::collections::BTreeSet;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use lessons::time::{Slot, to_text};
use testkit::MariaDb;
use tokio::time::Instant;

use crate::client::Client;
use crate::progress;
use crate::server;

/// Rows of one INSERT.
const ROWS: i64 = 5_000;
const CENTERS: i64 = 200;
const SECONDS_OF_60_DAYS: i64 = 60 * 86_400;

/// A filled table.
pub struct Table {
    /// Its database.
    pub url: String,
    /// Its lessons have the ids from 1 to this.
    pub rows: i64,
    /// What linking took at first, when no centre had been seen, in ms.
    pub first_link_ms: f64,
}

impl Table {
    /// Makes one with so many lessons of 200 centres, none of them due soon: seven
    /// in ten opened in the past 60 days, the others open in the next 60.
    pub fn fill(server: &MariaDb, rows: i64) -> anyhow::Result<Self> {
        let url = server::migrated(server)?;
        let mut client = Client::connect(&url, 1)?;
        let now = client.clock()?.now();
        let mut random = Rng::with_seed(rows.unsigned_abs());
        let bar = progress::bar(&format!("filling {rows} lessons"), rows.unsigned_abs());
        for first in (1..=rows).step_by(ROWS as usize) {
            let last = rows.min(first + ROWS - 1);
            let values: Vec<String> = (first..=last).map(|id| lesson(id, now, &mut random)).collect();
            client.execute(format!(
                "INSERT INTO lesson (id, center_id, class_kind, title, starts_at, publish_at, status, published_at) \
                 VALUES {}",
                values.join(",")
            ))?;
            bar.inc(values.len() as u64);
        }
        bar.finish_and_clear();
        client.execute(settings())?;
        client.execute("ANALYZE TABLE lesson".to_owned())?;
        let began = Instant::now();
        client.link(far(now))?;
        let first_link_ms = crate::stats::ms(began.elapsed());
        server::settle(&mut client)?;
        Ok(Self {
            url,
            rows,
            first_link_ms,
        })
    }

    /// So many ids, scattered as the lessons of real centres are, ascending.
    pub fn scattered(&self, count: usize) -> Vec<i64> {
        let mut random = Rng::with_seed(count as u64);
        if count as i64 >= self.rows {
            return (1..=self.rows).collect();
        }
        let mut ids = BTreeSet::new();
        while ids.len() < count {
            ids.insert(random.i64(1..=self.rows));
        }
        ids.into_iter().collect()
    }
}

/// A slot in which none of the lessons opens.
fn far(now: Timestamp) -> Slot {
    let begin = now + SignedDuration::from_hours(24 * 365);
    Slot::minute_of(begin)
}

fn lesson(id: i64, now: Timestamp, random: &mut Rng) -> String {
    let at = |seconds: i64| to_text(now + SignedDuration::from_secs(seconds));
    let center = random.i64(1..=CENTERS);
    let (opens, status) = match random.u8(0..10) {
        0..7 => (-random.i64(1..SECONDS_OF_60_DAYS), 1),
        _ => (random.i64(86_400..SECONDS_OF_60_DAYS), 0),
    };
    let (opens, starts) = (at(opens), at(opens + 7 * 86_400));
    let published = if status == 1 {
        format!("'{opens}'")
    } else {
        "NULL".to_owned()
    };
    format!("({id},{center},'yoga','Lesson {id}','{starts}','{opens}',{status},{published})")
}

/// Each centre opens once a week.
fn settings() -> String {
    let setting = |center: i64| {
        format!(
            "({center},{},'{}:00:00',1,'Asia/Seoul')",
            center % 7 + 1,
            center % 24
        )
    };
    let values: Vec<String> = (1..=CENTERS).map(setting).collect();
    format!(
        "INSERT INTO auto_publish_setting (center_id, weekday, publish_time, weeks_ahead, time_zone) VALUES {}",
        values.join(",")
    )
}
