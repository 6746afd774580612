//! Limits for what is asked of a database.

use std::time::Duration;

use crate::error::StoreError;

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
            "no answer in {} s",
            limit.as_secs_f64()
        ))),
    }
}
