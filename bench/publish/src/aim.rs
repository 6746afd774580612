//! What is asserted.

/// A limit, and what was measured.
#[derive(Debug, Clone)]
pub struct Aim {
    what: String,
    measured: f64,
    limit: f64,
}

impl Aim {
    /// Met when `measured` is not above `limit`.
    pub fn at_most(what: impl Into<String>, measured: f64, limit: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            limit,
        }
    }

    /// Nothing measured is a miss too.
    pub fn is_met(&self) -> bool {
        self.measured <= self.limit
    }

    /// A line of the report.
    pub fn line(&self) -> String {
        let Self {
            what,
            measured,
            limit,
        } = self;
        let verdict = if self.is_met() { "met" } else { "**missed**" };
        let measured = (measured * 100.0).round() / 100.0;
        format!("- {what} ≤ {limit}: {measured}, {verdict}")
    }
}

#[cfg(test)]
mod tests {
    use super::Aim;

    #[test]
    fn a_miss_and_what_was_not_measured_are_told() {
        assert_eq!(
            Aim::at_most("p99 ms", 99.996, 100.0).line(),
            "- p99 ms ≤ 100: 100, met"
        );
        assert_eq!(
            Aim::at_most("ratio", 1.51, 1.5).line(),
            "- ratio ≤ 1.5: 1.51, **missed**"
        );
        assert!(!Aim::at_most("nothing", f64::NAN, 1.0).is_met());
    }
}
