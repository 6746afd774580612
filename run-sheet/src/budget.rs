//! How long a search may take, and who tells the time.

use std::time::{Duration, Instant};

/// How to search.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// When to stop at the latest.
    pub budget: Duration,
    /// Of the random numbers: the same problem and seed give the same answer, as
    /// long as the clock does not cut the search short.
    pub seed: u64,
    /// Bytes that the search may allocate; checked before it does.
    pub memory: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            budget: Duration::from_secs(2),
            seed: 0,
            memory: 512 << 20,
        }
    }
}

/// Tells how long the search has taken.
pub trait Clock {
    /// Since the search began.
    fn elapsed(&self) -> Duration;
}

/// The machine's monotonic clock.
#[derive(Debug)]
pub struct Monotonic(Instant);

impl Monotonic {
    /// Begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Monotonic {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// What a search has spent. Limits of work are counted, so that the same problem
/// gives the same answer; the clock only ends what takes too long.
pub(crate) struct Meter<'a> {
    clock: &'a dyn Clock,
    until: Duration,
    /// Units of work so far; one is about 3 ns.
    pub work: u64,
    /// Bytes that may be allocated.
    pub memory: usize,
}

impl<'a> Meter<'a> {
    pub fn new(options: &Options, clock: &'a dyn Clock) -> Self {
        Self {
            clock,
            until: options.budget,
            work: 0,
            memory: options.memory,
        }
    }

    pub fn is_out_of_time(&self) -> bool {
        self.clock.elapsed() >= self.until
    }

    pub fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }
}
