//! A clock that jumps where the real one waits.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use schedule_watch::clock::Clock;
use tokio::time::Instant;

/// What is to happen, and when.
type Plan = (Instant, BoxFuture<'static, ()>);

/// The real clocks, ahead by all that was waited for.
#[derive(Clone, Default)]
pub struct Sim {
    ahead: Arc<Mutex<Duration>>,
    plans: Arc<Mutex<Vec<Plan>>>,
}

impl Sim {
    /// Does `work` as soon as somebody waits until `instant` or later.
    pub fn at(&self, instant: Instant, work: impl Future<Output = ()> + Send + 'static) {
        let mut plans = self.plans.lock().expect("no panic while held");
        plans.push((instant, Box::pin(work)));
    }

    fn ahead(&self) -> Duration {
        *self.ahead.lock().expect("no panic while held")
    }
}

impl Clock for Sim {
    fn now(&self) -> Instant {
        Instant::now() + self.ahead()
    }

    fn wall(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::try_from(self.ahead()).expect("in range")
    }

    async fn until(&self, instant: Instant) {
        let left = instant.saturating_duration_since(self.now());
        *self.ahead.lock().expect("no panic while held") += left;
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
}
