//! Receipts of messages that failed and now wait for their visibility time-out.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Kept only so that an orderly stop need not sit out the time-out.
#[derive(Default)]
pub(super) struct Returns(Mutex<Vec<(Instant, String)>>);

impl Returns {
    /// Remembers receipts until they are worth nothing any more.
    pub fn add(&self, receipts: impl Iterator<Item = String>, visibility_timeout: Duration) {
        let now = Instant::now();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|(until, _)| *until > now);
        waiting.extend(receipts.map(|receipt| (now + visibility_timeout, receipt)));
    }

    /// Takes all receipts that still hold.
    pub fn take(&self) -> Vec<String> {
        let now = Instant::now();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all = std::mem::take(&mut *waiting).into_iter();
        all.filter(|(until, _)| *until > now)
            .map(|(_, receipt)| receipt)
            .collect()
    }
}
