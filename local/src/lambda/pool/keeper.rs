//! What happens to a pool when an environment ends, or is idle for long.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use tokio::time::{interval, sleep_until};

use super::Pool;
use crate::console;
use crate::lambda::environment::{Environment, process};
use crate::lambda::failure::Failure;

/// After the first failed init the next try waits this long, then twice as
/// long each time: a function that cannot start must not become a fork bomb.
const FIRST_BACKOFF: Duration = Duration::from_millis(200);
const MAX_BACKOFF: Duration = Duration::from_secs(10);
/// How often idle environments are looked at, as a share of their time.
const IDLE_CHECKS: u32 = 6;

impl Pool {
    /// Runs one environment to its end and puts the pool in order after it.
    pub(super) async fn keep(self: Arc<Self>, environment: Arc<Environment>) {
        let failure = process::run(&self.host, &environment).await;
        self.host.registry.remove(&environment.id);
        let retry_at = self.ended(&environment, &failure);
        if let Some(at) = retry_at {
            sleep_until(at.into()).await;
            let mut state = self.lock();
            self.scale(&mut state, 0);
        }
    }

    fn ended(self: &Arc<Self>, environment: &Arc<Environment>, failure: &Failure) -> Option<Instant> {
        let mut state = self.lock();
        state
            .environments
            .retain(|other| !Arc::ptr_eq(other, environment));
        state
            .idle
            .retain(|idle| !Arc::ptr_eq(&idle.environment, environment));
        self.ended.notify_waiters();
        if state.closed {
            return None;
        }
        if environment.init_duration().is_some() {
            if matches!(failure, Failure::Silent(_)) {
                let line = format!("{}\n", failure.reason());
                self.host.logs.lines(&self.function, line.into());
            }
            self.scale(&mut state, 0);
            return None;
        }
        console::note(format!("{}: {}", self.function.logical_id(), failure.reason()));
        state.starting -= 1;
        // The invocation that this environment was started for fails with it.
        while let Some(waiter) = state.waiting.pop_front() {
            if waiter.send(Err(failure.clone())).is_ok() {
                break;
            }
        }
        let backoff = FIRST_BACKOFF * 2u32.saturating_pow(state.failed_inits.min(8));
        let retry_at = Instant::now() + backoff.min(MAX_BACKOFF);
        state.failed_inits += 1;
        state.not_before = Some(retry_at);
        Some(retry_at)
    }

    /// Stops what has been idle beyond the limit, oldest first, and keeps what
    /// the template wants provisioned, or one. Ends with the pool.
    pub fn stop_idle(pool: Weak<Self>, limit: Duration) {
        tokio::spawn(async move {
            let mut ticks = interval((limit / IDLE_CHECKS).max(Duration::from_millis(1)));
            loop {
                ticks.tick().await;
                let Some(pool) = pool.upgrade() else { return };
                pool.stop_idle_once(limit);
            }
        });
    }

    fn stop_idle_once(&self, limit: Duration) {
        let keep = self.function.template.provisioned_concurrency.unwrap_or(1).max(1) as usize;
        let mut state = self.lock();
        let spare = state.environments.len().saturating_sub(keep);
        let old = state
            .idle
            .iter()
            .take(spare)
            .take_while(|idle| idle.since.elapsed() >= limit)
            .count();
        for idle in state.idle.drain(..old) {
            idle.environment.stop(None);
        }
    }
}
