//! Measurements, sorted.

/// Numbers in increasing order; what is asked of none of them is not a number.
#[derive(Debug, Clone)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Sorts them.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self(values)
    }

    /// The smallest.
    pub fn min(&self) -> f64 {
        self.0.first().copied().unwrap_or(f64::NAN)
    }

    /// The one in the middle, or the mean of the two there.
    pub fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        match (self.0.get(middle), self.0.len() % 2) {
            (None, _) => f64::NAN,
            (Some(value), 1) => *value,
            (Some(value), _) => (self.0[middle - 1] + value) / 2.0,
        }
    }

    /// The largest.
    pub fn max(&self) -> f64 {
        self.0.last().copied().unwrap_or(f64::NAN)
    }

    /// Their sum through their number.
    pub fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / self.0.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn they_are_sorted_and_none_is_not_a_number() {
        let sample = Sample::of([5.0, 1.0, 2.0]);
        assert_eq!((sample.min(), sample.median(), sample.max()), (1.0, 2.0, 5.0));
        assert_eq!(Sample::of([4.0, 1.0]).median(), 2.5);
        assert_eq!(Sample::of([4.0, 1.0]).mean(), 2.5);
        let none = Sample::of([]);
        assert!(
            [none.min(), none.median(), none.max(), none.mean()]
                .iter()
                .all(|one| one.is_nan())
        );
    }
}
