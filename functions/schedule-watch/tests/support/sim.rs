//! A clock that jumps where the real one waits.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use schedule_watch::clock::Clock;
use tokio::time::Instant;

/// What is to happen.
type Work = BoxFuture<'static, ()>;

/// How long a database takes for something that has a deadline.
#[derive(Clone, Copy)]
pub enum Pace {
    /// As long as it really does.
    Prompt,
    /// All the time but a millisecond.
    JustInTime,
    /// Longer.
    Hangs,
}

/// A test that is stuck fails after that, on the real clock.
const STUCK: Duration = Duration::from_secs(60);

/// The real clocks, ahead by all that was waited for.
#[derive(Clone, Default)]
pub struct Sim {
    ahead: Arc<Mutex<Duration>>,
    plans: Arc<Mutex<Vec<(Instant, Work)>>>,
    paces: Arc<Mutex<VecDeque<Pace>>>,
    before: Arc<Mutex<Option<(usize, Work)>>>,
    pending: Arc<Mutex<Vec<Instant>>>,
    stopped: Arc<Mutex<Option<(Instant, Timestamp)>>>,
    wall_ahead: Arc<Mutex<SignedDuration>>,
}

impl Sim {
    /// Does `work` as soon as somebody waits until `instant` or later.
    pub fn at(&self, instant: Instant, work: impl Future<Output = ()> + Send + 'static) {
        let mut plans = self.plans.lock().expect("no panic while held");
        plans.push((instant, Box::pin(work)));
    }

    /// The paces of what has a deadline, in order; all that follows is prompt.
    pub fn paces(&self, paces: impl IntoIterator<Item = Pace>) {
        let mut all = self.paces.lock().expect("no panic while held");
        all.extend(paces);
    }

    /// Does `work` before something that has a deadline, after `others` of them.
    pub fn before(&self, others: usize, work: impl Future<Output = ()> + Send + 'static) {
        let mut before = self.before.lock().expect("no panic while held");
        *before = Some((others, Box::pin(work)));
    }

    fn is_before(&self) -> Option<Work> {
        let mut before = self.before.lock().expect("no panic while held");
        match before.take()? {
            (0, work) => Some(work),
            (others, work) => {
                *before = Some((others - 1, work));
                None
            }
        }
    }

    /// From now on only waiting takes time: how fast this machine is makes no
    /// difference.
    pub fn stop(&self) {
        let mut stopped = self.stopped.lock().expect("no panic while held");
        *stopped = Some((Instant::now(), Timestamp::now()));
    }

    /// This machine's time of day is wrong by that.
    pub fn wall_is_ahead(&self, span: SignedDuration) {
        *self.wall_ahead.lock().expect("no panic while held") = span;
    }

    /// How long was waited in all.
    pub fn waited(&self) -> Duration {
        *self.ahead.lock().expect("no panic while held")
    }

    fn real(&self) -> (Instant, Timestamp) {
        let stopped = *self.stopped.lock().expect("no panic while held");
        stopped.unwrap_or_else(|| (Instant::now(), Timestamp::now()))
    }

    /// Whether something is under way whose deadline is not after `instant`.
    fn is_pending(&self, instant: Instant) -> bool {
        let pending = self.pending.lock().expect("no panic while held");
        pending.iter().any(|deadline| *deadline <= instant)
    }

    fn jump(&self, instant: Instant) {
        let left = instant.saturating_duration_since(self.now());
        *self.ahead.lock().expect("no panic while held") += left;
    }
}

impl Clock for Sim {
    fn now(&self) -> Instant {
        self.real().0 + self.waited()
    }

    fn wall(&self) -> Timestamp {
        let wrong = *self.wall_ahead.lock().expect("no panic while held");
        self.real().1 + SignedDuration::try_from(self.waited()).expect("in range") + wrong
    }

    async fn until(&self, instant: Instant) {
        while self.is_pending(instant) {
            tokio::task::yield_now().await;
        }
        self.jump(instant);
        let due: Vec<_> = {
            let mut plans = self.plans.lock().expect("no panic while held");
            let (due, later) = plans.drain(..).partition(|(at, _)| *at <= instant);
            *plans = later;
            due
        };
        for (_, work) in due {
            work.await;
        }
    }

    async fn by<F>(&self, deadline: Instant, work: F) -> Option<F::Output>
    where
        F: Future<Output: Send> + Send,
    {
        if let Some(work) = self.is_before() {
            work.await;
        }
        let pace = {
            let mut paces = self.paces.lock().expect("no panic while held");
            paces.pop_front().unwrap_or(Pace::Prompt)
        };
        if let Pace::Hangs = pace {
            self.jump(deadline);
            return None;
        }
        self.pending.lock().expect("no panic while held").push(deadline);
        let done = tokio::time::timeout(STUCK, work).await.expect("not stuck");
        {
            let mut pending = self.pending.lock().expect("no panic while held");
            let place = pending.iter().position(|one| *one == deadline);
            pending.swap_remove(place.expect("pushed"));
        }
        if let Pace::JustInTime = pace {
            self.jump(deadline - Duration::from_millis(1));
        }
        Some(done)
    }
}
