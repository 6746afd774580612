//! Why an expression is not one.

/// `Display` is what was expected in its place, to follow the value itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// None of the three kinds.
    #[error(
        "rate(value unit), cron(minutes hours day-of-month month day-of-week year) or at(yyyy-mm-ddThh:mm:ss)"
    )]
    Kind,
    /// Not a positive number and a unit.
    #[error("rate(value unit): a whole number from 1, then minute, minutes, hour, hours, day or days")]
    Rate,
    /// Not a date and time.
    #[error("at(yyyy-mm-ddThh:mm:ss): a date and time without a zone")]
    At,
    /// A time that the clocks skip.
    #[error("a time that the clocks of {0} do not skip")]
    Skipped(String),
    /// Not six fields.
    #[error("six fields in cron(minutes hours day-of-month month day-of-week year), not {0}")]
    Fields(usize),
    /// A field that its place does not take.
    #[error("{expected} instead of `{found}`")]
    Field {
        /// Which field, and what it takes.
        expected: String,
        /// The part that does not fit.
        found: String,
    },
    /// Both or none of the day fields are `?`.
    #[error("`?` in one of the fields day-of-month and day-of-week, and a value in the other")]
    Days,
    /// A 31st of February.
    #[error("a date that exists")]
    NoSuchDate,
}
