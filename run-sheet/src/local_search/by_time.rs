//! Places by what they cost altogether, where time matters.

use super::{Objective, Place, by_delay, by_walking};
use crate::{
    clockwork::Clockwork,
    instance::{Instance, StopId},
};

/// The objective is the problem's.
#[derive(Debug)]
pub(crate) struct ByTime<'a> {
    pub clockwork: &'a Clockwork<'a>,
    /// Of every stop, at most.
    pub single_windows: bool,
}

impl<'a> ByTime<'a> {
    pub fn new(clockwork: &'a Clockwork<'a>) -> Self {
        Self {
            clockwork,
            single_windows: clockwork.has_single_windows(),
        }
    }
}

impl Objective for ByTime<'_> {
    fn cost(&self, route: &[StopId]) -> i64 {
        self.clockwork.cost(route)
    }

    fn instance(&self) -> &Instance<'_> {
        self.clockwork.instance
    }

    fn place(&self, route: &[StopId], order: usize, skip: &mut dyn FnMut() -> bool, work: &mut u64) -> Place {
        if self.single_windows {
            by_delay::place(self.clockwork, route, order, skip, work)
        } else {
            by_walking::place(self.clockwork, route, order, skip, work)
        }
    }
}
