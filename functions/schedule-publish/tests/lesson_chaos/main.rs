//! Random runs: wakes that are killed at any step, come late, come twice and
//! have wrong clocks, a database that crashes, lessons that are edited meanwhile.
//!
//! Every due lesson opens exactly once, none early, none that was cancelled, and
//! none late when one wake survives. The seeds are 0, 1, 2 …; a run that fails
//! says its own, and `PUNCTUAL_CHAOS_SEED` repeats that alone.
//! `PUNCTUAL_CHAOS_RUNS` says how many there are.

mod edits;
mod run;
mod scenario;
mod wakes;

use std::sync::Arc;
use std::time::{Duration, Instant};

use scenario::Scenario;
use testkit::{MariaDb, Options};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const RUNS: u64 = 24;
/// Side by side; each is a few processes that mostly wait.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn every_lesson_opens_exactly_once_and_on_time_whatever_dies() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seeds: Vec<u64> = match number("PUNCTUAL_CHAOS_SEED") {
        Some(seed) => vec![seed],
        None => (0..number("PUNCTUAL_CHAOS_RUNS").unwrap_or(RUNS)).collect(),
    };
    let began = Instant::now();
    let scenarios: Vec<Scenario> = seeds.into_iter().map(Scenario::of).collect();
    // A crash of the database meets all who use it: these have a server of their
    // own, one after the other.
    let (crashing, quiet): (Vec<_>, Vec<_>) = scenarios.into_iter().partition(|one| one.crash.is_some());
    let (quiet, crashing) = tokio::join!(side_by_side(quiet), one_by_one(crashing));
    let mut lateness: Vec<i64> = quiet.into_iter().chain(crashing).flatten().collect();
    lateness.sort_unstable();
    let at = |share: usize| {
        let index = lateness.len().saturating_sub(1) * share / 100;
        lateness.get(index).copied().unwrap_or_default()
    };
    println!(
        "{} s; in {} runs a wake survived: the last lesson opened after its instant p50 {} ms, p99 {} ms, most {} ms",
        began.elapsed().as_secs(),
        lateness.len(),
        at(50),
        at(99),
        at(100),
    );
}

async fn side_by_side(scenarios: Vec<Scenario>) -> Vec<Option<i64>> {
    let server = tokio::task::spawn_blocking(MariaDb::shared)
        .await
        .expect("MariaDB");
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for scenario in scenarios {
        let turn = Arc::clone(&turns).acquire_owned().await.expect("open");
        running.spawn(async move {
            let lateness = run::run(server, scenario).await;
            drop(turn);
            lateness
        });
    }
    let lateness = running.join_all().await;
    server.kill();
    lateness
}

async fn one_by_one(scenarios: Vec<Scenario>) -> Vec<Option<i64>> {
    let server = start().await;
    let mut lateness = Vec::new();
    for scenario in scenarios {
        lateness.push(run::run(server, scenario).await);
    }
    server.kill();
    lateness
}

async fn start() -> &'static MariaDb {
    let start = || Box::leak(Box::new(MariaDb::start(Options::default())));
    let server: &'static MariaDb = tokio::task::spawn_blocking(start).await.expect("MariaDB");
    server
}

/// A moment relative to a slot's begin, in milliseconds.
fn after(begin: tokio::time::Instant, milliseconds: i64) -> tokio::time::Instant {
    let span = Duration::from_millis(milliseconds.unsigned_abs());
    if milliseconds < 0 {
        begin - span
    } else {
        begin + span
    }
}
