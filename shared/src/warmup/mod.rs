//! What a first request would have to wait for, done in the init phase.
//!
//! Each client is pinged, at its real target: another one would warm the code and
//! leave DNS, TLS and credentials to the first request, and one client says nothing
//! about the next. Stage one pings each client once, side by side, so that whatever
//! exists once is built once. Stage two opens as many connections as the handler
//! will use at a time, and pings over all of them at once. The function asks for its
//! first event only afterwards.
//!
//! A ping changes nothing at its target and spends no quota that is tight; each says
//! why. One that fails is logged and counted, and the function starts all the same:
//! what is down now may be up when a request comes.

mod failed;
mod metrics;
mod mode;
mod ping;
mod report;

pub use failed::Failed;
pub use mode::Mode;
use ping::Need;
pub use ping::Ping;
pub use report::{Pinged, Report, Stage};

use std::time::Duration;

use futures::{StreamExt as _, future::join_all, stream::FuturesUnordered};
use tokio::time::Instant;

use crate::config::{ConfigError, Env};

/// How to warm up.
#[derive(Debug, Clone, Copy)]
pub struct WarmUp {
    mode: Mode,
    limit: Duration,
}

impl WarmUp {
    /// By `WARM_UP` (`off`, `connect`, `basic` or `full`), or what suits the
    /// environment's kind, which Lambda says in `AWS_LAMBDA_INITIALIZATION_TYPE`;
    /// within `WARM_UP_LIMIT_MS`, or what suits the mode.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        let kind = env.optional("AWS_LAMBDA_INITIALIZATION_TYPE");
        let mode = env.parsed_or("WARM_UP", Mode::suitable_for(kind.as_deref()))?;
        let limit = env.parsed_or("WARM_UP_LIMIT_MS", mode.limit_ms())?;
        Ok(Self {
            mode,
            limit: Duration::from_millis(limit),
        })
    }

    /// Carries it out within its time, and logs it.
    pub async fn run(&self, pings: &[Ping<'_>]) -> Report {
        let began = Instant::now();
        let until = began + self.limit;
        let mut pinged = match self.mode {
            Mode::Off => {
                let needed = pings.iter().filter(|ping| ping.need() == Need::Start);
                join_all(needed.map(|ping| ping.send(until))).await
            }
            Mode::Connect => connect(pings, until).await,
            Mode::Basic | Mode::Full => join_all(pings.iter().map(|ping| ping.send(until))).await,
        };
        if self.mode == Mode::Full {
            let pools = pings.iter().filter(|ping| ping.connections() > 1);
            pinged.extend(join_all(pools.map(|ping| ping.fill(until))).await);
        }
        let report = Report {
            mode: self.mode,
            elapsed: began.elapsed(),
            pinged,
        };
        report.log();
        report
    }
}

/// Stage one where someone waits: connections alone. What the first answer will not
/// wait for is begun and goes on beside it; what it hardly needs is left to whoever
/// will need it.
async fn connect(pings: &[Ping<'_>], until: Instant) -> Vec<Pinged> {
    let is_waited_for = |ping: &Ping<'_>| ping.need() != Need::Beside;
    let begun: Vec<_> = pings.iter().filter(|ping| ping.need() != Need::Seldom).collect();
    let mut missing = begun.iter().filter(|ping| is_waited_for(ping)).count();
    let mut running: FuturesUnordered<_> = begun
        .iter()
        .map(|ping| async { (ping.connect(until).await, is_waited_for(ping)) })
        .collect();
    let mut all = Vec::with_capacity(begun.len());
    while missing > 0
        && let Some((pinged, is_waited_for)) = running.next().await
    {
        missing -= usize::from(is_waited_for);
        all.extend(pinged);
    }
    drop(running);
    for ping in begun {
        if all.iter().all(|pinged| pinged.name != ping.name()) {
            tracing::info!(ping = ping.name(), "is connecting beside the first answer");
        }
    }
    all
}

#[cfg(test)]
mod tests;
