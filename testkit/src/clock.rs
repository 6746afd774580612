//! A wall clock that stands still until it is moved.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A wall clock that leaps, as after a freeze.
#[derive(Clone, Debug, Default)]
pub struct WallClock(Arc<AtomicU64>);

impl WallClock {
    /// Moves it on by a minute.
    pub fn leap(&self) {
        self.0.fetch_add(60, SeqCst);
    }

    /// What tells its time.
    pub fn now(&self) -> impl Fn() -> SystemTime + Send + Sync + use<> {
        let seconds = Arc::clone(&self.0);
        move || UNIX_EPOCH + Duration::from_secs(seconds.load(SeqCst))
    }
}
