//! Messages that failed and now wait for their visibility time-out.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::event::Handle;

/// How often a stop gives a message out again. A function that cannot work at
/// the moment fails it each time, and each time is one of its receives.
const RELEASES: u8 = 2;

/// Kept only so that an orderly stop need not sit out the time-out.
pub(super) struct Returns {
    /// `maxReceiveCount` of the queue.
    max_receives: Option<u32>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: Vec<(Instant, Handle)>,
    /// How often a message was released, by its id.
    released: HashMap<String, u8>,
}

impl Returns {
    pub fn new(max_receives: Option<u32>) -> Self {
        Self {
            max_receives,
            state: Mutex::default(),
        }
    }

    /// Remembers messages until they turn visible by themselves.
    pub fn add(&self, failed: Vec<Handle>, visibility_timeout: Duration) {
        let now = Instant::now();
        let mut state = self.lock();
        state.waiting.retain(|(until, _)| *until > now);
        let failed = failed
            .into_iter()
            .map(|handle| (now + visibility_timeout, handle));
        state.waiting.extend(failed);
    }

    /// Takes the receipts of what a stop may give out again now.
    pub fn release(&self) -> Vec<String> {
        let now = Instant::now();
        let mut state = self.lock();
        let State { waiting, released } = &mut *state;
        waiting.retain(|(until, _)| *until > now);
        let free = waiting.extract_if(.., |(_, handle)| self.may_go(released, handle));
        let free: Vec<Handle> = free.map(|(_, handle)| handle).collect();
        for handle in &free {
            *released.entry(handle.id.clone()).or_default() += 1;
        }
        free.into_iter().map(|handle| handle.receipt).collect()
    }

    /// How many wait that a stop leaves to the next start.
    pub fn stuck(&self) -> usize {
        let now = Instant::now();
        let state = self.lock();
        let stays =
            |(until, handle): &&(Instant, Handle)| *until > now && !self.may_go(&state.released, handle);
        state.waiting.iter().filter(stays).count()
    }

    /// The last receive before the dead-letter queue belongs to the next start,
    /// which may find in order what fails now.
    fn may_go(&self, released: &HashMap<String, u8>, handle: &Handle) -> bool {
        released.get(&handle.id).is_none_or(|times| *times < RELEASES)
            && self.max_receives.is_none_or(|max| handle.receives + 1 < max)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIDDEN: Duration = Duration::from_secs(600);

    fn handle(id: &str, receives: u32) -> Handle {
        Handle {
            id: id.to_owned(),
            receipt: format!("{id}-{receives}"),
            receives,
        }
    }

    #[test]
    fn a_stop_tries_twice_and_keeps_the_last_receive() {
        let returns = Returns::new(Some(5));
        returns.add(vec![handle("a", 1), handle("b", 4)], HIDDEN);
        assert_eq!((returns.stuck(), returns.release()), (1, vec!["a-1".to_owned()]));
        returns.add(vec![handle("a", 2)], HIDDEN);
        assert_eq!(returns.release(), ["a-2"]);
        returns.add(vec![handle("a", 3)], HIDDEN);
        assert_eq!((returns.stuck(), returns.release()), (2, Vec::new()));
    }

    #[test]
    fn what_is_visible_again_is_nobodys_business() {
        let returns = Returns::new(None);
        returns.add(vec![handle("a", 1)], Duration::ZERO);
        assert_eq!((returns.stuck(), returns.release()), (0, Vec::new()));
    }
}
