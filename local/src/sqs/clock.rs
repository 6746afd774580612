//! Wall-clock time, which is only ever shown or stored, never waited for.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// Milliseconds since 1970.
pub fn epoch_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The monotonic instant of a stored wall-clock time, for a message that was
/// sent before this process began. A time in the future (the clock was set
/// back) counts as now.
pub fn instant_of(sent_ms: u64, now: Instant) -> Instant {
    let age = Duration::from_millis(epoch_ms().saturating_sub(sent_ms));
    now.checked_sub(age).unwrap_or(now)
}
