//! Who gets which environment: those that wait for one, and those that are idle.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::RecvError;
use tokio::time::timeout;

use super::{Pool, State};
use crate::lambda::environment::Environment;
use crate::lambda::failure::Failure;
use crate::lambda::invocation::Invocation;

/// How long a caller waits for an environment that has answered to ask for its
/// next event, before another is started instead: it takes a runtime some 0.1 ms.
const NEXT_GRACE: Duration = Duration::from_millis(10);

type Turn = oneshot::Receiver<Result<Idle, Failure>>;

/// An environment whose child waits for its next event.
pub(crate) struct Idle {
    pub environment: Arc<Environment>,
    pub next: oneshot::Sender<Invocation>,
    pub(super) since: Instant,
}

/// Why there is no environment for an invocation.
pub(crate) enum Unavailable {
    Throttled,
    Failed(Failure),
}

impl Pool {
    /// An environment that waits for an event: an idle one, a new one, or the
    /// next that becomes free within the function's time-out.
    pub async fn checkout(self: &Arc<Self>) -> Result<Idle, Unavailable> {
        let turn = {
            let mut state = self.lock();
            if let Some(idle) = state.pop_idle() {
                return Ok(idle);
            }
            if state.closed {
                return Err(Unavailable::Throttled);
            }
            let (waiter, turn) = oneshot::channel();
            state.waiting.push_back(waiter);
            let answered = state.answered();
            self.scale(&mut state, answered);
            turn
        };
        match timeout(self.function.template.timeout, self.wait(turn)).await {
            Ok(Ok(Ok(idle))) => Ok(idle),
            Ok(Ok(Err(failure))) => Err(Unavailable::Failed(failure)),
            Ok(Err(_)) | Err(_) => Err(Unavailable::Throttled),
        }
    }

    async fn wait(self: &Arc<Self>, mut turn: Turn) -> Result<Result<Idle, Failure>, RecvError> {
        if let Ok(served) = timeout(NEXT_GRACE, &mut turn).await {
            return served;
        }
        self.scale(&mut self.lock(), 0);
        turn.await
    }

    /// A child asked for its next event and waits for it behind `next`.
    pub fn offer(&self, environment: &Arc<Environment>, next: oneshot::Sender<Invocation>, first: bool) {
        let mut idle = Idle {
            environment: Arc::clone(environment),
            next,
            since: Instant::now(),
        };
        let mut state = self.lock();
        if first {
            state.starting -= 1;
            state.failed_inits = 0;
            state.not_before = None;
        }
        while let Some(waiter) = state.waiting.pop_front() {
            match waiter.send(Ok(idle)) {
                Ok(()) => return,
                // This caller gave up waiting.
                Err(Ok(unclaimed)) => idle = unclaimed,
                Err(Err(_)) => return,
            }
        }
        state.idle.push(idle);
    }
}

impl State {
    fn pop_idle(&mut self) -> Option<Idle> {
        std::iter::from_fn(|| self.idle.pop()).find(|idle| !idle.next.is_closed())
    }
}
