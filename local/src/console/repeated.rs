use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::note;

/// How long one kind of trouble stays quiet after it was told.
const QUIET: Duration = Duration::from_secs(10);

/// A kind of trouble that may come with every request, a full disk for example:
/// told at once, and after that at most every ten seconds, with how often it
/// came in between.
#[derive(Debug, Default)]
pub struct Repeated(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    last: Option<Instant>,
    since: u64,
}

impl Repeated {
    /// Nothing told yet.
    pub const fn new() -> Self {
        let told = Told { last: None, since: 0 };
        Self(Mutex::new(told))
    }

    /// Prints a line of the stack itself, or counts it.
    pub fn note(&self, text: impl Into<String>) {
        match self.admit(Instant::now()) {
            Some(0) => note(text),
            Some(more) => note(format!("{} (and {more} more like it before)", text.into())),
            None => {}
        }
    }

    /// How many came since the last one that was told, if this one is to be.
    fn admit(&self, now: Instant) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.last.is_some_and(|last| now - last < QUIET) {
            told.since += 1;
            return None;
        }
        told.last = Some(now);
        Some(std::mem::take(&mut told.since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_and_the_rest_counted() {
        let (trouble, start) = (Repeated::new(), Instant::now());
        let at = |seconds| trouble.admit(start + Duration::from_secs(seconds));
        assert_eq!(
            [0, 0, 5, 9, 10, 12, 25].map(at),
            [Some(0), None, None, None, Some(3), None, Some(1)]
        );
    }
}
