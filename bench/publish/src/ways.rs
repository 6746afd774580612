//! Other ways to open the same lessons, beside ours.

use anyhow::Context as _;
use jiff::Timestamp;

use crate::client::{Fired, Statements};
use crate::due::DueSet;
use crate::statements::{CHUNK, dealt, open_due, open_list, open_one};
use crate::stats::Sample;
use crate::table::Table;
use crate::{fire, progress, publisher};

/// A way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Alone,
    Together,
    Batches,
    Predicate,
    Raw,
    Ours,
}

/// The slowest first.
pub const WAYS: [Way; 6] = [
    Way::Alone,
    Way::Together,
    Way::Batches,
    Way::Predicate,
    Way::Raw,
    Way::Ours,
];

impl Way {
    /// For the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alone => "an UPDATE a row, a commit each",
            Self::Together => "an UPDATE a row, one transaction",
            Self::Batches => "batches of 1,000 UPDATEs, one transaction",
            Self::Predicate => "one UPDATE of all that is due",
            Self::Raw => "1,000-id lists, 4 connections, planned ahead",
            Self::Ours => "schedule-publish",
        }
    }

    fn fire(self, table: &Table, set: &mut DueSet) -> anyhow::Result<Fired> {
        let aimed = set.aim()?;
        if self == Self::Ours {
            return publisher::fire(&table.url, set, aimed);
        }
        let statements = self.statements(&set.ids, aimed.slot.begin);
        let fired = set.client.fire(aimed.clock, aimed.slot.begin, statements)?;
        set.check(fired.rows)?;
        Ok(fired)
    }

    fn statements(self, ids: &[i64], instant: Timestamp) -> Vec<Statements> {
        let each = || ids.iter().map(|id| open_one(*id, instant));
        let one = match self {
            Self::Alone => each().collect(),
            Self::Together => in_transaction(each().collect()),
            Self::Batches => in_transaction(
                each()
                    .collect::<Vec<_>>()
                    .chunks(CHUNK)
                    .map(|batch| batch.join(";"))
                    .collect(),
            ),
            Self::Predicate => vec![open_due(instant)],
            Self::Raw | Self::Ours => return dealt(ids, fire::CONNECTIONS, |ids| open_list(ids, instant)),
        };
        vec![one]
    }
}

fn in_transaction(statements: Statements) -> Statements {
    let begin = ["BEGIN".to_owned()].into_iter();
    begin.chain(statements).chain(["COMMIT".to_owned()]).collect()
}

/// Last commits of each way, in the order of [`WAYS`]; empty where it was not tried.
pub struct Ways {
    /// Lessons that open at the instant.
    pub due: usize,
    /// By way.
    pub times: Vec<Sample>,
}

/// So many rounds of each way in turn; committing row by row once at most, or
/// not at all.
pub fn compare(table: &Table, due: usize, rounds: usize, alone: bool) -> anyhow::Result<Ways> {
    let mut set = DueSet::new(&table.url, table.scattered(due), fire::CONNECTIONS)?;
    let mut times = vec![Vec::new(); WAYS.len()];
    let bar = progress::bar(
        &format!("{due} lessons in other ways"),
        (rounds * WAYS.len()) as u64,
    );
    for round in 0..rounds {
        for (way, times) in WAYS.into_iter().zip(&mut times) {
            bar.inc(1);
            if way == Way::Alone && (round > 0 || !alone) {
                continue;
            }
            times.push(way.fire(table, &mut set).context(way.name())?.last_ms);
        }
    }
    bar.finish_and_clear();
    Ok(Ways {
        due,
        times: times.into_iter().map(Sample::of).collect(),
    })
}
