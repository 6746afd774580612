//! Going on after the database was away.

use std::time::Duration;

use shared::backoff::FullJitter;
use tokio::time::{Instant, sleep};

use crate::error::PublishError;

/// A fail-over takes some 30 s.
const RECONNECT: FullJitter = FullJitter {
    base: Duration::from_millis(50),
    cap: Duration::from_millis(500),
};

/// Makes one attempt after another, each on new connections, until one ends with
/// something else than a database that may come back.
///
/// # Errors
/// Those of the last attempt: at once where trying again does not help, or when the
/// next one would begin after `until`.
pub async fn retry<T, F>(until: Instant, mut attempt: impl FnMut() -> F) -> Result<T, PublishError>
where
    F: Future<Output = Result<T, PublishError>>,
{
    let mut failed = 0;
    loop {
        let began = Instant::now();
        let error = match attempt().await {
            Err(PublishError::Store(error)) if error.is_transient() => error,
            ended => return ended,
        };
        if began.elapsed() > RECONNECT.cap {
            failed = 0;
        }
        let delay = RECONNECT.delay(failed);
        if Instant::now() + delay >= until {
            return Err(error.into());
        }
        tracing::warn!(tag = error.tag(), failed, "trying again: {error}");
        sleep(delay).await;
        failed += 1;
    }
}
