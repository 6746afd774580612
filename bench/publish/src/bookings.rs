//! Bookings on other rows of the table, beside flips of several shapes.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use lessons::store::{Figures, RunState, Store as _, Stores as _, Take, Term, Trigger};
use lessons::{Database, StoreError};
use schedule_publish::crew::Crew;
use schedule_publish::keeper::Lease;
use schedule_publish::plan;
use tokio::time::Instant;

use crate::booker::{Bookers, Booking};
use crate::due::{Aimed, DueSet};
use crate::stats::{Sample, ms};
use crate::table::Table;
use crate::{client, progress};

const CHUNKS: [usize; 5] = [250, 500, 1_000, 2_500, 10_000];
const CREWS: [usize; 4] = [1, 2, 4, 8];
/// Without a flip, bookings are looked at for this long in each round.
const QUIET: Duration = Duration::from_millis(500);

/// Bookings beside flips of one shape.
pub struct Beside {
    /// Lessons in a statement, and connections; none for no flip at all.
    pub shape: Option<(usize, usize)>,
    /// Last commits after the instant.
    pub flip: Sample,
    /// Answers to bookings that were waiting at some time during the flip.
    pub bookings: Sample,
}

/// So many flips of 10,000 in each shape, in turn.
pub fn beside(table: &Table, due: usize, rounds: usize) -> anyhow::Result<Vec<Beside>> {
    let ids = table.scattered(due);
    let flipped: HashSet<i64> = ids.iter().copied().collect();
    let others: Vec<i64> = (1..=table.rows).filter(|id| !flipped.contains(id)).collect();
    let others = Arc::new(others);
    let mut set = DueSet::new(&table.url, ids, 4)?;
    let database = Database::from_url(&table.url)?;
    let shapes = shapes(due);
    let mut measured: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); shapes.len()];
    let bar = progress::bar("bookings beside flips", (rounds * shapes.len()) as u64);
    // The first round is not counted.
    for round in 0..=rounds {
        for (shape, (flips, waits)) in shapes.iter().zip(&mut measured) {
            let aimed = set.aim()?;
            let bookers = Bookers::start(&table.url, others.clone())?;
            let (from, to) = match shape {
                Some((chunk, crew)) => {
                    let flip = client::runtime()?.block_on(flip(&database, aimed, *chunk, *crew));
                    let flip = flip?;
                    set.check(flip.opened)?;
                    if round > 0 {
                        flips.push(flip.last_ms);
                    }
                    (flip.from, flip.to)
                }
                None => {
                    std::thread::sleep(QUIET);
                    (Instant::now() - QUIET / 2, Instant::now())
                }
            };
            let bookings = bookers.stop()?;
            if round > 0 {
                waits.extend(waiting(&bookings, from, to));
                bar.inc(1);
            }
        }
    }
    bar.finish_and_clear();
    let all = shapes.into_iter().zip(measured);
    Ok(all
        .map(|(shape, (flips, waits))| Beside {
            shape,
            flip: Sample::of(flips),
            bookings: Sample::of(waits),
        })
        .collect())
}

/// No flip, then all shapes in which no connection has nothing to do.
fn shapes(due: usize) -> Vec<Option<(usize, usize)>> {
    let shapes = CHUNKS
        .into_iter()
        .flat_map(|chunk| CREWS.map(|crew| (chunk, crew)));
    let busy = shapes.filter(|(chunk, crew)| *crew <= due.div_ceil(*chunk));
    [None].into_iter().chain(busy.map(Some)).collect()
}

fn waiting(bookings: &[Booking], from: Instant, to: Instant) -> impl Iterator<Item = f64> {
    let during = bookings
        .iter()
        .filter(move |booking| booking.due <= to && booking.done >= from);
    during.map(|booking| ms(booking.done - booking.due))
}

struct Flip {
    opened: u64,
    last_ms: f64,
    from: Instant,
    to: Instant,
}

/// The publisher's own firing, without the wake around it.
async fn flip(database: &Database, aimed: Aimed, chunk: usize, crew: usize) -> anyhow::Result<Flip> {
    let size = |number| NonZeroUsize::new(number).context("not zero");
    let mut store = database.open().await?;
    let term = term(&mut store, aimed).await?;
    let due = store.due(aimed.slot).await?;
    let chunks = plan::chunks(&due, size(chunk)?);
    let mut crew = Crew::new(database.clone(), size(crew)?);
    crew.connect(usize::MAX).await?;
    let volley = crew.fire(chunks, term, aimed.clock, &Lease::endless()).await;
    let to = Instant::now();
    if let Some(error) = volley.lost {
        return Err(error.into());
    }
    store.record(&term, RunState::Done, &Figures::default()).await?;
    Ok(Flip {
        opened: volley.published,
        last_ms: volley.last_commit_late_ms.context("nothing was opened")? as f64,
        from: aimed.clock.when(aimed.slot.begin),
        to,
    })
}

async fn term(store: &mut impl lessons::Store, aimed: Aimed) -> anyhow::Result<Term> {
    let run = store.open_run(&Trigger::Schedule(aimed.slot)).await?;
    let lease = Duration::from_secs(60);
    match store.take(run, "bench", lease).await? {
        Take::Held(term, ..) => Ok(term),
        other => Err(StoreError::Refused(format!("{other:?}")).into()),
    }
}
