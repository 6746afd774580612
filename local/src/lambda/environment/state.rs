//! What an environment does at the moment, and how one state follows another.

use std::sync::atomic::Ordering;
use std::sync::{MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::oneshot;
use uuid::Uuid;

use super::{Environment, Init};
use crate::lambda::failure::Failure;
use crate::lambda::invocation::Invocation;
use crate::lambda::outcome::Outcome;

/// How an invocation ended: with an answer of the function, or without one.
pub(crate) type Reply = Result<Outcome, Failure>;

pub(super) enum State {
    Starting,
    /// Its child waits for an event.
    Idle,
    Busy {
        request_id: Uuid,
        reply: oneshot::Sender<Reply>,
        until: Instant,
        doomed: bool,
    },
    /// Has answered and not yet asked for its next event. What a runtime does
    /// in between still belongs to the time of the invocation, as on Lambda.
    Answered {
        until: Instant,
    },
    Ended,
}

/// What a child gets that asks for an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// An event, when there is one; asking ended the init phase.
    First,
    /// An event, when there is one.
    Again,
    /// A refusal: it owes an answer.
    Owes,
    /// Nothing any more: it is being killed.
    Ending,
}

impl Environment {
    /// The child asked for an event.
    pub fn asks_for_next(&self) -> Next {
        let mut state = self.lock();
        if self.is_stopping() {
            return Next::Ending;
        }
        let next = match *state {
            State::Starting => {
                self.init.send_replace(Init::Done(self.started.elapsed()));
                Next::First
            }
            State::Idle | State::Answered { .. } => Next::Again,
            State::Busy { .. } => return Next::Owes,
            State::Ended => return Next::Ending,
        };
        *state = State::Idle;
        next
    }

    /// Sends an event to the child that waits behind `next`. Gives it back when
    /// the child has gone.
    pub fn take_on(
        &self,
        invocation: Invocation,
        next: oneshot::Sender<Invocation>,
    ) -> Result<oneshot::Receiver<Reply>, Invocation> {
        let (reply, outcome) = oneshot::channel();
        let mut state = self.lock();
        if !matches!(*state, State::Idle) || self.is_stopping() {
            return Err(invocation);
        }
        let (request_id, doomed) = (invocation.request_id, invocation.doomed);
        next.send(invocation)?;
        *state = State::Busy {
            request_id,
            reply,
            until: Instant::now() + self.function.template.timeout,
            doomed,
        };
        self.invocations.fetch_add(1, Ordering::Relaxed);
        Ok(outcome)
    }

    /// Hands the answer for `request_id` to its caller; false when no such
    /// invocation runs here (any more).
    pub fn answer(&self, request_id: Uuid, answer: Reply) -> bool {
        self.settle(request_id, |until, doomed| match doomed {
            // Nobody else may take an environment that is about to be killed.
            true => State::Ended,
            false => State::Answered { until },
        })
        .is_some_and(|reply| reply.send(answer).is_ok())
    }

    /// Ends the invocation without an answer of the child, and kills it; false
    /// when the answer came first.
    pub fn abandon(&self, request_id: Uuid, failure: Failure) -> bool {
        let abandoned = self.settle(request_id, |_, _| State::Ended).is_some();
        if abandoned {
            self.stop(Some(failure));
        }
        abandoned
    }

    fn settle(&self, id: Uuid, next: impl FnOnce(Instant, bool) -> State) -> Option<oneshot::Sender<Reply>> {
        let mut state = self.lock();
        let State::Busy {
            request_id,
            until,
            doomed,
            ..
        } = *state
        else {
            return None;
        };
        if request_id != id {
            return None;
        }
        match std::mem::replace(&mut *state, next(until, doomed)) {
            State::Busy { reply, .. } => Some(reply),
            _ => None,
        }
    }

    /// The child is gone: fails what ran there, and says why it ended.
    pub(super) fn finish(&self, exit: Failure) -> Failure {
        let failure = self.ending.get().cloned().flatten().unwrap_or(exit);
        let state = std::mem::replace(&mut *self.lock(), State::Ended);
        match state {
            State::Busy { reply, .. } => {
                let _ = reply.send(Err(failure.clone()));
            }
            State::Starting => {
                self.init.send_replace(Init::Failed(failure.reason()));
            }
            State::Idle | State::Answered { .. } | State::Ended => {}
        }
        failure
    }

    pub fn is_starting(&self) -> bool {
        matches!(*self.lock(), State::Starting)
    }

    /// Between an answer and the next event.
    pub fn has_answered(&self) -> bool {
        matches!(*self.lock(), State::Answered { .. })
    }

    /// Has answered, and let the invocation's time pass without asking for more.
    pub fn is_silent(&self) -> bool {
        matches!(*self.lock(), State::Answered { until } if until <= Instant::now())
    }

    /// `starting`, `idle`, `busy` or `stopping`, for the status page.
    pub fn state_name(&self) -> &'static str {
        match *self.lock() {
            State::Starting => "starting",
            State::Idle => "idle",
            State::Busy { .. } | State::Answered { .. } => "busy",
            State::Ended => "stopping",
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
