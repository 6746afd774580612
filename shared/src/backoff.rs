//! How long to wait before the next attempt.

use std::time::Duration;

/// Exponential back-off with full jitter: a delay drawn evenly from
/// `0..=min(cap, base · 2^attempt)`.
///
/// Full jitter spreads the retries of many environments over the whole window,
/// which ends contention soonest of the variants measured in "Exponential
/// Backoff And Jitter" (AWS Architecture Blog, 2015). `backon` only adds its
/// jitter on top of the full delay, so it cannot express this.
#[derive(Debug, Clone, Copy)]
pub struct FullJitter {
    /// The window of the first retry.
    pub base: Duration,
    /// The largest window.
    pub cap: Duration,
}

impl FullJitter {
    /// The delay before retry number `attempt`, counted from 0.
    pub fn delay(&self, attempt: u32) -> Duration {
        self.window(attempt).mul_f64(fastrand::f64())
    }

    fn window(&self, attempt: u32) -> Duration {
        let factor = 1u32.checked_shl(attempt).unwrap_or(u32::MAX);
        self.base.saturating_mul(factor).min(self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_doubles_up_to_the_cap_and_never_overflows() {
        let backoff = FullJitter {
            base: Duration::from_millis(50),
            cap: Duration::from_secs(2),
        };
        let windows = [0, 1, 2, 5, 6, 31, 32, u32::MAX].map(|n| backoff.window(n).as_millis());
        assert_eq!(windows, [50, 100, 200, 1600, 2000, 2000, 2000, 2000]);
    }
}
