//! One function's figures.

use std::collections::BTreeMap;
use std::time::Duration;

use super::happening::Answered;
use super::histogram::Histogram;
use super::line::Figures;
use super::recent::Recent;

/// Answers that are shown one by one; of more in a moment, a sample.
const PER_MOMENT: usize = 20;
/// Of the last minute, for someone who begins to watch.
const KEPT: usize = 3_000;

/// Since the stack began.
#[derive(Debug, Default)]
pub(super) struct Function {
    pub name: String,
    /// Of each metric.
    pub sums: BTreeMap<String, f64>,
    /// How many values it had.
    pub counts: BTreeMap<String, f64>,
    /// Its latest value.
    pub last: BTreeMap<String, f64>,
    /// Of those that have a reason or a code, by it.
    pub by: BTreeMap<String, BTreeMap<String, f64>>,
    pub histogram: Histogram,
    /// When, how long in ms, and how.
    pub answers: Recent<Point, KEPT>,
}

/// An answer: epoch ms, ms, and 0 warm, 1 cold or 2 failed.
pub(super) type Point = (i64, f64, u8);

impl Function {
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub fn sum(&self, metric: &str) -> f64 {
        self.sums.get(metric).copied().unwrap_or_default()
    }

    pub fn count(&self, metric: &str) -> f64 {
        self.counts.get(metric).copied().unwrap_or_default()
    }

    pub fn add(&mut self, figures: &Figures<'_>) {
        // One ping's are not the function's.
        if figures.is_detail {
            return;
        }
        for (metric, sum, last) in &figures.values {
            let sums = match &figures.by {
                Some(by) => {
                    let reasons = entry(&mut self.by, metric);
                    entry(reasons, by)
                }
                None => {
                    *entry(&mut self.last, metric) = *last;
                    *entry(&mut self.counts, metric) += 1.0;
                    entry(&mut self.sums, metric)
                }
            };
            *sums += sum;
        }
    }

    pub fn answered(&mut self, at: i64, took: Duration, answered: Answered) {
        self.histogram.add(took);
        let kind = match answered {
            Answered::Warm => 0,
            Answered::Cold => 1,
            Answered::Failed => 2,
        };
        // What is rare is what one looks for.
        if self.answers.fresh() < PER_MOMENT || kind > 0 {
            let ms = (took.as_secs_f64() * 100_000.0).round() / 100.0;
            self.answers.add((at, ms, kind));
        }
    }
}

/// Without a copy of the key where it is there.
fn entry<'a, V: Default>(map: &'a mut BTreeMap<String, V>, key: &str) -> &'a mut V {
    if !map.contains_key(key) {
        map.insert(key.to_owned(), V::default());
    }
    map.get_mut(key).expect("it was just put there")
}
