//! The last of something, and which of them are new.

use std::collections::VecDeque;

/// Which of it a watcher is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// What came since the last moment.
    New,
    /// All that is kept.
    All,
}

/// At most the last `MOST`.
#[derive(Debug)]
pub(super) struct Recent<T, const MOST: usize> {
    kept: VecDeque<T>,
    fresh: usize,
}

impl<T, const MOST: usize> Default for Recent<T, MOST> {
    fn default() -> Self {
        let kept = VecDeque::new();
        Self { kept, fresh: 0 }
    }
}

impl<T: Clone, const MOST: usize> Recent<T, MOST> {
    pub fn add(&mut self, one: T) {
        self.kept.push_back(one);
        self.fresh += 1;
        if self.kept.len() > MOST {
            self.kept.pop_front();
        }
    }

    /// How many came since the last moment.
    pub fn fresh(&self) -> usize {
        self.fresh
    }

    /// A moment is over: what came is new no more.
    pub fn pass(&mut self) {
        self.fresh = 0;
    }

    /// What is new is so until it is told; all may be told any time.
    pub fn tell(&mut self, told: Told) -> Vec<T> {
        let from = match told {
            Told::All => 0,
            Told::New => self.kept.len().saturating_sub(std::mem::take(&mut self.fresh)),
        };
        self.kept.range(from..).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_told_once_and_no_more_is_kept_than_may_be() {
        let mut recent = Recent::<u8, 3>::default();
        (1..=2).for_each(|one| recent.add(one));
        assert_eq!(recent.tell(Told::All), [1, 2]);
        assert_eq!((recent.fresh(), recent.tell(Told::New)), (2, vec![1, 2]));
        (3..=7).for_each(|one| recent.add(one));
        assert_eq!((recent.fresh(), recent.tell(Told::New)), (5, vec![5, 6, 7]));
        recent.add(8);
        recent.pass();
        assert!(recent.tell(Told::New).is_empty());
        assert_eq!(recent.tell(Told::All), [6, 7, 8]);
    }
}
