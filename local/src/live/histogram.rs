//! Times in buckets that double every three.

use std::time::Duration;

use serde::Serialize;

/// 0.1 ms to 105 s.
const COUNT: usize = 60;
const LEAST_MS: f64 = 0.1;
const PER_DOUBLING: f64 = 3.0;

/// How many times were how long.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(super) struct Histogram(Vec<u64>);

/// What the buckets mean.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Buckets {
    /// Bucket i counts times from `least_ms * 2^(i / per_doubling)` on; the first those below, too.
    least_ms: f64,
    per_doubling: f64,
    count: usize,
}

pub(super) const BUCKETS: Buckets = Buckets {
    least_ms: LEAST_MS,
    per_doubling: PER_DOUBLING,
    count: COUNT,
};

impl Default for Histogram {
    fn default() -> Self {
        Self(vec![0; COUNT])
    }
}

impl Histogram {
    pub fn add(&mut self, time: Duration) {
        let doublings = (time.as_secs_f64() * 1_000.0 / LEAST_MS).log2();
        // Below the least it is negative, or not a number: the first.
        let bucket = (doublings * PER_DOUBLING).max(0.0) as usize;
        self.0[bucket.min(COUNT - 1)] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_buckets_double_and_the_ends_take_the_rest() {
        let bucket = |ms: f64| {
            let mut histogram = Histogram::default();
            histogram.add(Duration::from_secs_f64(ms / 1_000.0));
            histogram.0.iter().position(|count| *count == 1)
        };
        let expected = [
            (0.0, 0),
            (0.05, 0),
            (0.1001, 0),
            (0.2001, 3),
            (102.5, 30),
            (1e9, COUNT - 1),
        ];
        for (ms, at) in expected {
            assert_eq!(bucket(ms), Some(at), "{ms}");
        }
    }
}
