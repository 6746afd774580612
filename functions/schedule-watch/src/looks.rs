//! Holding until the slot begins, and looking until all is right.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lessons::{StoreError, clock::ahead, time::Slot};
use tokio::time::{Instant, timeout};

use crate::{
    clock::Clock,
    sight::Sight,
    tables::{Line, Tables},
};

/// Most looks at a slot.
pub const LOOKS: u32 = 5;
/// From one look to the next, and from the slot's begin to the first.
pub const PAUSE: Duration = Duration::from_secs(1);
/// Longest time for the last look: whether or not the database answers, people
/// are told within six seconds of the slot's begin.
pub const LAST_LOOK: Duration = Duration::from_millis(500);
/// Between attempts to reach the database while there is time.
const RETRY: Duration = Duration::from_secs(5);

/// What all looks came to.
#[derive(Debug)]
pub struct Looked {
    /// How many there were.
    pub looks: u32,
    /// The last one.
    pub last: Result<Sight, StoreError>,
}

/// Looks until what it sees is right, at most [`LOOKS`] times: a second after the
/// slot's begin at the earliest, and each second from then on.
pub async fn look<T: Tables, C: Clock>(line: &mut Line<T, C>, clock: &C, slot: Slot) -> Looked {
    let first = first_look(line, clock, slot.begin).await;
    let mut looks = 0;
    loop {
        clock.until(first + PAUSE * looks).await;
        looks += 1;
        let limit = if looks < LOOKS { PAUSE } else { LAST_LOOK };
        let last = look_once(line, clock, slot, limit).await;
        let right = last.as_ref().is_ok_and(|sight| sight.finding().is_none());
        if right || looks == LOOKS {
            return Looked { looks, last };
        }
    }
}

/// When the first look is due: by the database's clock, or by this machine's for
/// as long as the database cannot be reached.
async fn first_look<T: Tables, C: Clock>(line: &mut Line<T, C>, clock: &C, begin: Timestamp) -> Instant {
    let due = begin.checked_add(SignedDuration::try_from(PAUSE).unwrap_or_default());
    let due = due.unwrap_or(begin);
    let guess = clock.now() + ahead(due, clock.wall());
    loop {
        // At a late wake too: this machine's clock may be the one that is wrong.
        let limit = guess.saturating_duration_since(clock.now()).max(LAST_LOOK);
        if let Ok(Ok(reached)) = timeout(limit, line.reach()).await {
            return reached.time.when(due);
        }
        if clock.now() >= guess {
            return guess;
        }
        clock.until((clock.now() + RETRY).min(guess)).await;
    }
}

async fn look_once<T: Tables, C: Clock>(
    line: &mut Line<T, C>,
    clock: &C,
    slot: Slot,
    limit: Duration,
) -> Result<Sight, StoreError> {
    let looking = async {
        let reached = line.reach().await?;
        let now = reached.time.shown_at(clock.now());
        Sight::take(&mut reached.store, slot, now).await
    };
    let seen = timeout(limit, looking).await.unwrap_or_else(|_| {
        Err(StoreError::Lost(format!(
            "a look had no answer in {} ms",
            limit.as_millis()
        )))
    });
    seen.inspect_err(|error| line.failed(error))
}
