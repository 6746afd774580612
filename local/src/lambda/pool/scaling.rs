//! When and how environments are started.

use std::sync::Arc;
use std::time::Instant;

use super::{Pool, State};
use crate::lambda::environment::{Environment, Start};

impl Pool {
    /// Starts environments before anything is invoked.
    pub fn start(self: &Arc<Self>, count: usize, start: Start) -> Vec<Arc<Environment>> {
        let mut state = self.lock();
        let room = self.limit.saturating_sub(state.environments.len());
        (0..count.min(room))
            .map(|_| self.launch(&mut state, start))
            .collect()
    }

    /// Starts what the waiting callers need beside the environments that start
    /// already and the `coming` ones that are expected back.
    pub(super) fn scale(self: &Arc<Self>, state: &mut State, coming: usize) {
        if state.not_before.is_some_and(|at| at > Instant::now()) {
            return;
        }
        state.waiting.retain(|waiter| !waiter.is_closed());
        while state.waiting.len() > state.starting + coming && state.environments.len() < self.limit {
            self.launch(state, Start::OnDemand);
        }
    }

    fn launch(self: &Arc<Self>, state: &mut State, start: Start) -> Arc<Environment> {
        let pool = Arc::downgrade(self);
        let environment = Arc::new(Environment::new(Arc::clone(&self.function), pool, start));
        state.environments.push(Arc::clone(&environment));
        state.starting += 1;
        self.host.registry.add(&environment);
        tokio::spawn(Arc::clone(self).keep(Arc::clone(&environment)));
        environment
    }
}

impl State {
    /// Environments that have answered and will ask for their next event in a
    /// moment. Only meaningful while none is idle.
    pub(super) fn answered(&self) -> usize {
        let all = self.environments.iter();
        all.filter(|environment| environment.has_answered()).count()
    }
}
