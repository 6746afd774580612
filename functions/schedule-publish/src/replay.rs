//! Publishing by hand what should have opened, as a run of its own.

use std::time::Duration;

use jiff::Timestamp;
use lessons::Store as _;
use lessons::StoreError;
use lessons::store::{Due, Figures, RunState, Stores, Take, Term, Trigger};
use lessons::time::Slot;
use tokio::time::{Instant, sleep};

use crate::answer::{Answer, DryRunAnswer, DryRunSlot, ReplayAnswer};
use crate::config::Config;
use crate::crew::Crew;
use crate::error::PublishError;
use crate::event::Replay;
use crate::keeper::Lease;
use crate::plan;
use lessons::clock::DatabaseClock;

/// Lessons that are read and opened at once.
const BATCH: usize = 10_000;
/// A replay has no second holder: its lease only has to outlast an invocation.
const LEASE: Duration = Duration::from_secs(900);
/// Between two attempts at lessons that somebody keeps locked.
const PAUSE: Duration = Duration::from_millis(200);

/// Opens what should have opened in the replay's span, until all is open or time
/// is up. `request` tells a repeated event from a new one.
///
/// # Errors
/// When the database cannot be used; an asynchronous event then comes again.
pub async fn run<S: Stores>(
    stores: &S,
    config: Config,
    replay: &Replay,
    request: &str,
    until: Instant,
) -> Result<Answer, PublishError> {
    let mut store = stores.open().await?;
    let clock = DatabaseClock::measure(&mut store, 1).await?;
    let span = replay.span();
    // What is not due yet is not overdue; its own slot opens it.
    let before = span.end.min(clock.now());
    if replay.dry_run {
        let due = store.overdue(span.begin, before, usize::MAX >> 1).await?;
        return Ok(Answer::DryRun(dry_run(span, &due)));
    }
    let run = store
        .open_run(&Trigger::Replay {
            span,
            request: request.to_owned(),
            by: replay.by.clone().unwrap_or_else(|| format!("request {request}")),
            reason: replay.reason.clone(),
        })
        .await?;
    if let Take::Held(term, _, figures) = store.take(run, request, LEASE).await? {
        let mut crew = Crew::new(stores.clone(), config.connections);
        let mut figures = figures;
        figures.clock_offset_ms = Some(clock.offset_ms());
        while Instant::now() < until {
            let due = store.overdue(span.begin, before, BATCH).await?;
            if due.is_empty() {
                break;
            }
            open(&mut crew, config, &due, term, clock, &mut figures).await?;
            store.record(&term, RunState::Published, &figures).await?;
        }
        store.record(&term, RunState::Done, &figures).await?;
        tracing::info!(run, published = figures.published, from = %span.begin, to = %span.end, "replayed");
    }
    let report = store.report(run).await?;
    let remaining = store.overdue(span.begin, span.end, usize::MAX >> 1).await?.len();
    Ok(Answer::Replay(ReplayAnswer {
        from: span.begin,
        to: span.end,
        run,
        remaining: i64::try_from(remaining).unwrap_or(i64::MAX),
        figures: report.figures.into(),
    }))
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

fn dry_run(span: Slot, due: &[Due]) -> DryRunAnswer {
    let minute = |instant: Timestamp| Slot::minute_of(instant).begin;
    let slots = due.chunk_by(|one, next| minute(one.publish_at) == minute(next.publish_at));
    DryRunAnswer {
        from: span.begin,
        to: span.end,
        dry_run: true,
        would_publish: due.len() as u64,
        slots: slots
            .map(|lessons| DryRunSlot {
                slot: minute(lessons[0].publish_at),
                lessons: lessons.len() as u64,
            })
            .collect(),
    }
}
