//! Limits for what is asked of a database near an instant.

use std::time::Duration;

use lessons::StoreError;

/// A statement takes milliseconds: near the instant a connection that says nothing
/// for so long counts as dead.
pub const PROMPTLY: Duration = Duration::from_secs(2);

/// What `work` comes to, if it does so in time.
///
/// # Errors
/// [`StoreError::Lost`] when it does not; its connection is of no use then.
pub async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done,
        Err(_) => Err(StoreError::Lost(format!(
            "no answer in {:.1} s",
            limit.as_secs_f64()
        ))),
    }
}
