//! One function's figures.

use std::collections::BTreeMap;
use std::time::Duration;

use super::happening::Answered;
use super::histogram::Histogram;
use super::line::Figures;
use super::recent::Recent;

/// Answers that are shown one by one; of more in a moment, those that are rare.
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
    /// The longest answer of this moment.
    slowest: Duration,
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
        let fresh = self.answers.fresh();
        let slowest = if fresh == 0 { Duration::ZERO } else { self.slowest };
        self.slowest = slowest.max(took);
        // What is rare is what one looks for: a moment's slowest is always shown.
        if fresh < PER_MOMENT || kind > 0 || took > slowest {
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

#[cfg(test)]
mod tests {
    use super::super::recent::Told;
    use super::*;

    #[test]
    fn of_a_flood_the_slowest_and_those_that_are_not_warm_are_shown() {
        let mut function = Function::named("TraceIngest");
        for moment in 0..2 {
            for n in 0..500 {
                let took = Duration::from_millis(if n == 400 { 90 - moment } else { 5 });
                let answered = if n == 300 { Answered::Cold } else { Answered::Warm };
                function.answered(n, took, answered);
            }
            let told = function.answers.tell(Told::New);
            assert_eq!(told.len(), PER_MOMENT + 2, "{told:?}");
            let [.., (300, _, 1), (400, slowest, 0)] = told[..] else {
                panic!("{told:?}");
            };
            assert!((slowest - (90 - moment) as f64).abs() < 0.01);
        }
    }
}
