//! When an invocation has to be over.

use std::time::SystemTime;

use lambda_runtime::Context;
use tokio::time::Instant;

/// When Lambda ends this invocation, on the clock that timers use.
pub fn deadline(context: &Context) -> Instant {
    let left = context.deadline().duration_since(SystemTime::now());
    Instant::now() + left.unwrap_or_default()
}
