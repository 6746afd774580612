//! All that was measured on one instance.

use serde::Serialize;

use crate::instance::Instance;
use crate::legacy::Found;
use crate::ours::Ours;
use crate::peers::Run;

/// An instance with what each solver came to.
pub struct Row {
    /// What was solved.
    pub instance: Instance,
    /// Ours.
    pub ours: Ours,
    /// The legacy; none when it was left out.
    pub legacy: Option<Found>,
    /// Those of the peers that solved it.
    pub peers: Vec<Run>,
}

/// A line of `--json`.
#[derive(Serialize)]
struct Line<'a> {
    set: &'a str,
    name: &'a str,
    n: usize,
    best_known: Option<i64>,
    best_known_proven: Option<bool>,
    gap_percent: Option<f64>,
    #[serde(flatten)]
    ours: &'a Ours,
}

impl Row {
    /// How far ours is above the best known, in percent; 0 when we prove that there
    /// is nothing better and nothing is known.
    pub fn gap(&self) -> Option<f64> {
        let gap = self.instance.gap(self.ours.value);
        gap.or(self.ours.proven.then_some(0.0))
    }

    /// How far another solver's value is above the best known, or above ours where
    /// nothing is known, in percent.
    pub fn gap_of(&self, value: i64) -> f64 {
        let known = self.instance.best.map_or(self.ours.value, |best| best.value);
        (value - known) as f64 * 100.0 / known.max(1) as f64
    }

    /// One line of JSON: what our solver came to.
    pub fn json(&self) -> anyhow::Result<String> {
        let Instance {
            set, name, n, best, ..
        } = &self.instance;
        Ok(serde_json::to_string(&Line {
            set,
            name,
            n: *n,
            best_known: best.map(|best| best.value),
            best_known_proven: best.map(|best| best.proven),
            gap_percent: self.gap(),
            ours: &self.ours,
        })?)
    }
}

/// Rows for tests.
#[cfg(test)]
pub mod testing {
    use run_sheet::StopReason;

    use super::Row;
    use crate::instance::{Best, Instance};
    use crate::legacy::Found;
    use crate::ours::Ours;

    /// A row whose best known value is 100, and whose legacy found 130.
    pub fn row(set: &str, n: usize, proven: bool, elapsed_ms: f64, value: i64) -> Row {
        let best = Best {
            value: 100,
            proven: false,
        };
        Row {
            instance: Instance {
                set: set.to_owned(),
                name: format!("{set}-{n}"),
                n,
                problem: crate::example::problem(),
                best: Some(best),
                route: None,
            },
            ours: Ours {
                value,
                proven,
                lower_bound: 90,
                stop: StopReason::WorkDone,
                runs: 1,
                min_ms: elapsed_ms,
                elapsed_ms,
                first_ms: 0.01,
                improved_ms: elapsed_ms,
                curve: vec![(0.01, 150), (elapsed_ms, value)],
                tasks: vec![],
            },
            legacy: Some(Found {
                tasks: vec![],
                value: 130,
                drawn: 1_000,
                curve: vec![(0.01, 200), (1_000.0, 130)],
            }),
            peers: vec![],
        }
    }
}
