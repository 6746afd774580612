//! When an invocation has to be over.

use std::time::{Duration, SystemTime};

use lambda_runtime::Context;
use tokio::time::Instant;

/// When Lambda ends this invocation, on the clock that timers use.
pub fn deadline(context: &Context) -> Instant {
    Instant::now() + time_left(context)
}

/// How long until Lambda ends this invocation.
pub fn time_left(context: &Context) -> Duration {
    let left = context.deadline().duration_since(SystemTime::now());
    left.unwrap_or_default()
}
