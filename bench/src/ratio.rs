//! What is measured, over its baseline.

use std::fmt;

/// Of rounds, pair by pair.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

impl Ratio {
    /// Of what was measured to the baseline of the same round; NaN of no rounds.
    pub fn of(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut all: Vec<f64> = pairs.map(|(measured, baseline)| measured / baseline).collect();
        all.sort_by(f64::total_cmp);
        let at = |index: usize| all.get(index).copied().unwrap_or(f64::NAN);
        Self {
            median: at(all.len() / 2),
            low: at(0),
            high: at(all.len().saturating_sub(1)),
        }
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { median, low, high } = self;
        write!(f, "**{median:.2}** ({low:.2} to {high:.2})")
    }
}
