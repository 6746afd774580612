//! Figures of what was measured, in milliseconds.

use std::time::Duration;

use crate::{environment::Measured, run::Case};

/// Answers from this one on are the steady ones.
pub const STEADY_FROM: usize = 4;

/// A median, and the 99th percentile.
#[derive(Debug, Clone, Copy)]
pub struct Spread {
    pub p50: f64,
    pub p99: f64,
}

/// Of one case.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub init: Spread,
    pub first: Spread,
    /// Of all steady answers of all environments.
    pub steady: Spread,
    /// First answer over the median of the same environment's steady ones.
    pub ratio: Spread,
    /// Init and first answer together, as someone waits who finds no environment.
    pub total: Spread,
}

impl Figures {
    pub fn of(case: &Case) -> Self {
        let all = &case.environments;
        let each = |figure: fn(&Measured) -> f64| spread(all.iter().map(figure).collect());
        Self {
            init: each(|one| ms(one.init)),
            first: each(first),
            steady: spread(all.iter().flat_map(steady).collect()),
            ratio: each(|one| first(one) / spread(steady(one).collect()).p50),
            total: each(|one| ms(one.init) + first(one)),
        }
    }
}

pub fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// The nearest ranks; the largest where there are fewer than a hundred.
pub fn spread(mut all: Vec<f64>) -> Spread {
    all.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let rank = (share * all.len() as f64).ceil() as usize;
        all[rank.clamp(1, all.len()) - 1]
    };
    Spread {
        p50: at(0.5),
        p99: at(0.99),
    }
}

fn first(measured: &Measured) -> f64 {
    ms(measured.answers[0])
}

fn steady(measured: &Measured) -> impl Iterator<Item = f64> {
    measured.answers[STEADY_FROM..].iter().copied().map(ms)
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn percentiles_are_ranks() {
        let hundred = spread((1..=100).rev().map(f64::from).collect());
        assert_eq!((hundred.p50, hundred.p99), (50.0, 99.0));
        let few = spread(vec![3.0, 1.0, 2.0]);
        assert_eq!((few.p50, few.p99), (2.0, 3.0));
    }
}
