//! Publishing by hand what should have opened, as a run of its own.

use std::time::Duration;

use lessons::Store as _;
use lessons::StoreError;
use lessons::store::{Due, Figures, RunState, Stores, Take, Term, Trigger};
use lessons::time::Slot;
use tokio::time::{Instant, sleep};

use crate::answer::{Answer, DryRunAnswer, ReplayAnswer};
use crate::config::Config;
use crate::crew::Crew;
use crate::error::PublishError;
use crate::event::Replay;
use crate::keeper::Lease;
use crate::plan;
use crate::retry::retry;
use lessons::clock::DatabaseClock;

/// Lessons that are read and opened at once.
const BATCH: usize = 10_000;
/// Between two attempts at lessons that somebody keeps locked.
const PAUSE: Duration = Duration::from_millis(200);

/// Opens what should have opened in the replay's span, until all is open or time
/// is up. `request` tells a repeated event from a new one.
///
/// # Errors
/// When the database cannot be used; an asynchronous event then comes again, and
/// goes on with the same run.
pub async fn run<S: Stores>(
    stores: &S,
    config: Config,
    replay: &Replay,
    request: &str,
    until: Instant,
) -> Result<Answer, PublishError> {
    match replay.dry_run {
        true => retry(until, || say(stores, replay.span()))
            .await
            .map(Answer::DryRun),
        false => retry(until, || open_all(stores, config, replay, request, until))
            .await
            .map(Answer::Replay),
    }
}

async fn say<S: Stores>(stores: &S, span: Slot) -> Result<DryRunAnswer, PublishError> {
    let mut store = stores.open().await?;
    let now = store.now().await?;
    let due = Slot {
        begin: span.begin,
        end: span.end.min(now),
    };
    Ok(DryRunAnswer::of(span, &store.instants(due).await?))
}

async fn open_all<S: Stores>(
    stores: &S,
    config: Config,
    replay: &Replay,
    request: &str,
    until: Instant,
) -> Result<ReplayAnswer, PublishError> {
    let mut store = stores.open().await?;
    let clock = DatabaseClock::measure(&mut store, 1).await?;
    let span = replay.span();
    // What is not due yet is not overdue; its own slot opens it.
    let before = span.end.min(clock.now());
    let run = store
        .open_run(&Trigger::Replay {
            span,
            request: request.to_owned(),
            by: replay.by.clone().unwrap_or_else(|| format!("request {request}")),
            reason: replay.reason.clone(),
        })
        .await?;
    let lease = until.saturating_duration_since(Instant::now()) + config.margin;
    if let Take::Held(term, _, figures) = store.take(run, request, lease).await? {
        let mut crew = Crew::new(stores.clone(), config.connections);
        let mut figures = figures;
        figures.clock_offset_ms = Some(clock.offset_ms());
        while Instant::now() < until {
            let due = store.overdue(span.begin, before, BATCH).await?;
            if due.is_empty() {
                break;
            }
            open(&mut crew, config, &due, term, clock, &mut figures).await?;
            if !store.record(&term, RunState::Published, &figures).await? {
                // The same event came again, and that invocation goes on.
                break;
            }
        }
        figures.published = store.opened(run, span).await?;
        store.record(&term, RunState::Done, &figures).await?;
        tracing::info!(run, published = figures.published, from = %span.begin, to = %span.end, "replayed");
    }
    let report = store.report(run).await?;
    let remaining: u64 = store
        .instants(span)
        .await?
        .iter()
        .map(|(_, lessons)| lessons)
        .sum();
    Ok(ReplayAnswer {
        from: span.begin,
        to: span.end,
        run,
        remaining: i64::try_from(remaining).unwrap_or(i64::MAX),
        figures: report.figures.into(),
    })
}

async fn open<S: Stores>(
    crew: &mut Crew<S>,
    config: Config,
    due: &[Due],
    term: Term,
    clock: DatabaseClock,
    figures: &mut Figures,
) -> Result<(), StoreError> {
    let chunks = plan::chunks(due, config.chunk);
    crew.connect(chunks.len()).await?;
    let fired = crew.fire(chunks, term, clock, &Lease::endless()).await;
    fired.add_to(figures);
    figures.planned = figures.planned.max(figures.published);
    match fired.lost {
        Some(error) if fired.published == 0 => Err(error),
        _ => {
            if fired.published == 0 {
                sleep(PAUSE).await;
            }
            Ok(())
        }
    }
}
