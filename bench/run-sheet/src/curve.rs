//! How a value fell over time.

use std::time::Duration;

/// Milliseconds since the search began, and the best value from then on.
pub type Curve = Vec<(f64, i64)>;

/// Milliseconds of a span.
pub fn ms(span: Duration) -> f64 {
    span.as_secs_f64() * 1e3
}
