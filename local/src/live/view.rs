//! What a watcher is sent.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use serde_json::Value;

use super::function::Point;
use super::histogram::{BUCKETS, Buckets, Histogram};
use super::journal::Entry;
use super::lessons::Seen;
use super::positions::Position;
use super::rates::Rates;
use super::recent::Told;
use super::sheets::Sheet;
use super::state::{self, State};
use crate::lambda::FunctionStatus;

/// What the stack's parts say of themselves.
#[derive(Debug)]
pub struct Surroundings {
    /// As in the status page.
    pub functions: Vec<FunctionStatus>,
    /// As in the status page: `queues`, `streams`, `topics`, `faults`.
    pub parts: serde_json::Map<String, Value>,
    /// The last look at the tables.
    pub lessons: Option<Seen>,
}

/// A message to a watcher. Lists hold what is new since the last one, of the first
/// all that there is; all else is as it is now.
#[derive(Debug, Serialize)]
pub struct Moment {
    #[serde(skip_serializing_if = "Option::is_none")]
    hello: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    buckets: Option<Buckets>,
    at: i64,
    started: i64,
    functions: Vec<FunctionView>,
    #[serde(flatten)]
    parts: serde_json::Map<String, Value>,
    rates: Rates,
    /// No longer on the map; `positions` has none of them.
    #[serde(skip_serializing_if = "HashSet::is_empty")]
    forgotten: HashSet<String>,
    positions: Vec<Position>,
    agents: usize,
    sheets: Vec<Sheet>,
    lessons: Option<Seen>,
    logs: Vec<Entry>,
    missed: u64,
}

#[derive(Debug, Serialize)]
struct FunctionView {
    #[serde(flatten)]
    status: FunctionStatus,
    sums: BTreeMap<String, f64>,
    counts: BTreeMap<String, f64>,
    by: BTreeMap<String, BTreeMap<String, f64>>,
    last: BTreeMap<String, f64>,
    answers: Vec<Point>,
    histogram: Histogram,
}

impl State {
    pub(super) fn moment(&mut self, surroundings: Surroundings, missed: u64, told: Told) -> Moment {
        let is_first = told == Told::All;
        Moment {
            hello: is_first.then_some(true),
            buckets: is_first.then_some(BUCKETS),
            at: state::now(),
            started: self.began,
            functions: self.views(surroundings.functions, told),
            parts: surroundings.parts,
            rates: self.rates(),
            forgotten: self.positions.tell_forgotten(told),
            positions: self.positions.tell(told),
            agents: self.positions.len(),
            sheets: self.sheets.0.tell(told),
            lessons: surroundings.lessons,
            logs: self.journal.0.tell(told),
            missed,
        }
    }

    fn views(&mut self, statuses: Vec<FunctionStatus>, told: Told) -> Vec<FunctionView> {
        let view = |status: FunctionStatus| {
            let function = self
                .functions
                .iter_mut()
                .find(|function| function.name == status.name)?;
            Some(FunctionView {
                sums: function.sums.clone(),
                counts: function.counts.clone(),
                by: function.by.clone(),
                last: function.last.clone(),
                answers: function.answers.tell(told),
                histogram: function.histogram.clone(),
                status,
            })
        };
        statuses.into_iter().filter_map(view).collect()
    }
}
