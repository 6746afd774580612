use std::{fmt, future::Future, num::NonZeroUsize};

use futures::future::{BoxFuture, FutureExt as _, join_all};
use tokio::time::{Instant, timeout_at};

use super::{Failed, Pinged, Stage};
use crate::transport::{only_beginning, only_connecting};

/// Who waits for what a client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// The start itself, whatever the mode.
    Start,
    /// Each answer.
    Answer,
    /// Each answer, which has other work first or meanwhile.
    Overlapped,
    /// Nobody: it goes on beside the answers.
    Beside,
    /// Few answers.
    Seldom,
}

/// A call that changes nothing, to one client's real target.
pub struct Ping<'a> {
    name: &'static str,
    connections: NonZeroUsize,
    per_answer: NonZeroUsize,
    need: Need,
    call: Box<dyn Fn() -> BoxFuture<'a, Result<(), Failed>> + Send + Sync + 'a>,
}

impl<'a> Ping<'a> {
    /// The ping of this name in logs, of a client that uses one connection at a time.
    pub fn new<F>(name: &'static str, call: impl Fn() -> F + Send + Sync + 'a) -> Self
    where
        F: Future<Output = Result<(), Failed>> + Send + 'a,
    {
        Self {
            name,
            connections: NonZeroUsize::MIN,
            per_answer: NonZeroUsize::MIN,
            need: Need::Answer,
            call: Box::new(move || call().boxed()),
        }
    }

    /// Of a client that uses so many connections at a time.
    #[must_use]
    pub fn over(self, connections: NonZeroUsize) -> Self {
        Self { connections, ..self }
    }

    /// Of a client of which each answer uses so many connections at a time.
    #[must_use]
    pub fn per_answer(self, per_answer: NonZeroUsize) -> Self {
        Self { per_answer, ..self }
    }

    /// Of a client without which the function does not start: sent even where nothing
    /// is warmed up.
    #[must_use]
    pub fn always(self) -> Self {
        Self {
            need: Need::Start,
            ..self
        }
    }

    /// Of a client that each answer uses while it has other work to do. Where someone
    /// waits, its connections are begun, and the answer finds them as far as they are.
    #[must_use]
    pub fn overlapped(self) -> Self {
        Self {
            need: Need::Overlapped,
            ..self
        }
    }

    /// Of a client that is used beside each answer, which does not wait for it. Where
    /// someone waits, the call's future is dropped when the others are done: what is
    /// to go on then is a task of its own.
    #[must_use]
    pub fn beside(self) -> Self {
        Self {
            need: Need::Beside,
            ..self
        }
    }

    /// Of a client that few answers need.
    #[must_use]
    pub fn seldom(self) -> Self {
        Self {
            need: Need::Seldom,
            ..self
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.get()
    }

    pub(super) fn need(&self) -> Need {
        self.need
    }

    /// Sends it once.
    pub(super) async fn send(&self, until: Instant) -> Pinged {
        let began = Instant::now();
        let answered = within(until, (self.call)()).await;
        Pinged::new(self.name, Stage::One, began.elapsed(), vec![answered])
    }

    /// Opens the connections of one answer; nothing to tell if they are only begun.
    pub(super) async fn connect(&self, until: Instant) -> Option<Pinged> {
        let began = Instant::now();
        let opened = join_all((0..self.per_answer.get()).map(|_| self.opened(until))).await;
        let is_told = self.need != Need::Overlapped || opened.iter().any(Result::is_err);
        is_told.then(|| Pinged::new(self.name, Stage::One, began.elapsed(), opened))
    }

    /// Sends it over all connections of the pool at once. All but the one that is
    /// there are opened first: a ping that has to wait for its own would be sent
    /// over that of another, which is answered by then.
    pub(super) async fn fill(&self, until: Instant) -> Pinged {
        let began = Instant::now();
        join_all((1..self.connections()).map(|_| self.opened(until))).await;
        let all = (0..self.connections()).map(|_| within(until, (self.call)()));
        let answered = join_all(all).await;
        Pinged::new(self.name, Stage::Two, began.elapsed(), answered)
    }

    async fn opened(&self, until: Instant) -> Result<(), Failed> {
        let call = within(until, (self.call)());
        let opened = match self.need {
            Need::Overlapped => only_beginning(call).await,
            _ => only_connecting(call).await,
        };
        match opened {
            (_, true) => Ok(()),
            (answered, false) => answered,
        }
    }
}

async fn within(until: Instant, call: BoxFuture<'_, Result<(), Failed>>) -> Result<(), Failed> {
    match timeout_at(until, call).await {
        Ok(answered) => answered,
        Err(_) => Err(Failed::new("DeadlineExceeded")),
    }
}

impl fmt::Debug for Ping<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ping").field(&self.name).finish()
    }
}
