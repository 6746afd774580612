//! Measurements, sorted.

/// Measurements in milliseconds.
#[derive(Debug, Clone, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Sorts them.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// The smallest that at least so large a part of them does not exceed.
    pub fn quantile(&self, part: f64) -> f64 {
        let rank = (part * self.0.len() as f64).ceil() as usize;
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }

    pub fn p50(&self) -> f64 {
        self.quantile(0.5)
    }

    pub fn p99(&self) -> f64 {
        self.quantile(0.99)
    }

    pub fn max(&self) -> f64 {
        self.quantile(1.0)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// `p50 | p90 | p99 | max`, as cells of a table.
    pub fn cells(&self) -> String {
        let cells = [0.5, 0.9, 0.99, 1.0].map(|part| format!("{:.0}", self.quantile(part)));
        cells.join(" | ")
    }

    /// Each with the percentage of them that it does not fall short of.
    pub fn curve(&self) -> impl Iterator<Item = (f64, f64)> {
        let all = self.0.len() as f64;
        let points = self.0.iter().enumerate();
        points.map(move |(index, value)| (*value, (index + 1) as f64 * 100.0 / all))
    }
}

/// Milliseconds of a span.
pub fn ms(span: std::time::Duration) -> f64 {
    span.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn a_quantile_is_one_of_the_measurements() {
        let sample = Sample::of((1..=100).rev().map(f64::from).collect());
        assert_eq!((sample.p50(), sample.p99(), sample.max()), (50.0, 99.0, 100.0));
        assert_eq!(Sample::of(vec![7.0]).p99(), 7.0);
        assert!(Sample::default().p50().is_nan());
    }
}
