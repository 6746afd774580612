//! Rows of one set with the same number of orders.

use crate::row::Row;
use crate::stats::Sample;

/// Never empty.
pub struct Group<'a> {
    /// The set's name.
    pub set: &'a str,
    /// How many orders.
    pub n: usize,
    /// At least one.
    pub rows: &'a [Row],
}

/// The groups of rows that are sorted by set and number of orders.
pub fn groups(rows: &[Row]) -> Vec<Group<'_>> {
    let key = |row: &Row| (row.instance.set.clone(), row.instance.n);
    let chunks = rows.chunk_by(|a, b| key(a) == key(b));
    chunks
        .map(|rows| Group {
            set: &rows[0].instance.set,
            n: rows[0].instance.n,
            rows,
        })
        .collect()
}

impl Group<'_> {
    /// How many are proven optimal.
    pub fn proven(&self) -> usize {
        self.rows.iter().filter(|row| row.ours.proven).count()
    }

    /// Milliseconds until the answer.
    pub fn times(&self) -> Sample {
        Sample::of(self.rows.iter().map(|row| row.ours.elapsed_ms))
    }

    /// Milliseconds until the proof; without one it never comes.
    pub fn proof_times(&self) -> Sample {
        let time = |row: &Row| {
            if row.ours.proven {
                row.ours.elapsed_ms
            } else {
                f64::INFINITY
            }
        };
        Sample::of(self.rows.iter().map(time))
    }

    /// Milliseconds until the last better route.
    pub fn improved(&self) -> Sample {
        Sample::of(self.rows.iter().map(|row| row.ours.improved_ms))
    }

    /// Percent above the best known, where it is known.
    pub fn gaps(&self) -> Sample {
        Sample::of(self.rows.iter().filter_map(Row::gap))
    }
}
