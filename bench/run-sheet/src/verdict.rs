//! A figure against its limit.

use crate::number::number;

/// What was measured, and whether it is within the limit.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Which figure.
    pub what: String,
    /// Nothing measured is a miss too.
    pub met: bool,
    goal: String,
    measured: String,
}

impl Verdict {
    /// Met when the measured is not above the limit.
    pub fn at_most(what: impl Into<String>, measured: f64, limit: f64, unit: &str) -> Self {
        Self::new(what.into(), measured <= limit, ('≤', limit), measured, unit)
    }

    /// Met when the measured is not below the limit.
    pub fn at_least(what: impl Into<String>, measured: f64, limit: f64, unit: &str) -> Self {
        Self::new(what.into(), measured >= limit, ('≥', limit), measured, unit)
    }

    fn new(what: String, met: bool, (sign, limit): (char, f64), measured: f64, unit: &str) -> Self {
        Self {
            what,
            met,
            goal: format!("{sign} {}{unit}", number(limit)),
            measured: format!("{}{unit}", number(measured)),
        }
    }

    /// `what ≤ limit: ok`.
    pub fn short(&self) -> String {
        let Self { what, goal, .. } = self;
        format!("{what} {goal}: {}", self.word())
    }

    /// `what ≤ limit: measured, ok`.
    pub fn line(&self) -> String {
        let Self {
            what, goal, measured, ..
        } = self;
        format!("{what} {goal}: {measured}, {}", self.word())
    }

    fn word(&self) -> &'static str {
        if self.met { "ok" } else { "**missed**" }
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict;

    #[test]
    fn the_limit_itself_is_ok_and_what_was_not_measured_is_missed() {
        let line = |measured| Verdict::at_most("median", measured, 2.0, " ms").line();
        assert_eq!(line(2.0), "median ≤ 2 ms: 2 ms, ok");
        assert_eq!(line(2.5), "median ≤ 2 ms: 2.5 ms, **missed**");
        assert_eq!(line(f64::NAN), "median ≤ 2 ms: – ms, **missed**");
        assert_eq!(
            Verdict::at_least("proven", 4.0, 4.0, "").short(),
            "proven ≥ 4: ok"
        );
        assert_eq!(
            Verdict::at_least("proven", 3.0, 4.0, "").short(),
            "proven ≥ 4: **missed**"
        );
    }
}
