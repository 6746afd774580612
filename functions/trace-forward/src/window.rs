//! How many calls of a stream may be in flight.

/// Halves after a throttle and grows by one with each success, as TCP does
/// and as amazon-kinesis-agent paces itself, so that a stream at its quota is
/// approached rather than hammered.
///
/// It lasts for one invocation: the next one may run in another environment,
/// and costs one throttled round at most to find out again.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    limit: usize,
    max: usize,
    epoch: u32,
}

/// The state of the window in which a call began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch(u32);

impl Window {
    /// A window that is fully open at `max` calls.
    pub fn open(max: usize) -> Self {
        Self {
            limit: max,
            max,
            epoch: 0,
        }
    }

    /// How many calls may be in flight.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// To be kept with a call that begins now.
    pub fn epoch(&self) -> Epoch {
        Epoch(self.epoch)
    }

    /// A call got in.
    pub fn succeeded(&mut self) {
        self.limit = (self.limit + 1).min(self.max);
    }

    /// A call that began in `epoch` was throttled. Calls that were in flight
    /// together are one burst and halve the window once.
    pub fn throttled(&mut self, epoch: Epoch) {
        if epoch == self.epoch() {
            self.limit = (self.limit / 2).max(1);
            self.epoch = self.epoch.wrapping_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_throttles_halves_once_and_success_opens_again() {
        let mut window = Window::open(8);
        let burst = window.epoch();
        for _ in 0..8 {
            window.throttled(burst);
        }
        assert_eq!(window.limit(), 4);
        window.throttled(window.epoch());
        assert_eq!(window.limit(), 2);
        for _ in 0..100 {
            window.succeeded();
        }
        assert_eq!(window.limit(), 8);
    }

    #[test]
    fn one_call_is_always_allowed() {
        let mut window = Window::open(3);
        for _ in 0..5 {
            window.throttled(window.epoch());
        }
        assert_eq!(window.limit(), 1);
    }
}
