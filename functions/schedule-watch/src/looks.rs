//! Holding until lessons open, and looking until all is right.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lessons::{StoreError, clock::ahead, time::Slot};
use tokio::time::Instant;

use crate::{
    clock::Clock,
    sight::Sight,
    tables::{Line, Tables},
};

/// Most looks at the lessons of one instant.
pub const LOOKS: u32 = 5;
/// From one look to the next, and from the lessons' instant to the first.
pub const PAUSE: Duration = Duration::from_secs(1);
/// Longest time for the last look.
const LAST_LOOK: Duration = Duration::from_millis(500);
/// From the last look's begin until people are told, whether or not the database
/// answers: five seconds and this make 5.7 s after the lessons' instant, so that
/// SNS has 300 ms of the six seconds. A last look that takes all of its time
/// leaves 200 ms to write the incident down.
pub const TELL: Duration = Duration::from_millis(700);
/// Between attempts to reach the database while there is time.
const RETRY: Duration = Duration::from_secs(5);

/// When to look at the lessons of an instant.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// A second after the instant.
    pub at: Instant,
    /// When to begin: later, where another look was less than a second before.
    pub from: Instant,
}

/// What the looks at the lessons of an instant came to.
#[derive(Debug)]
pub struct Round {
    /// How many there were.
    pub looks: u32,
    /// What the last one saw.
    pub last: Result<Sight, StoreError>,
    /// When that one was due.
    at: Instant,
    /// When it began.
    began: Instant,
}

impl Round {
    /// Whether nothing is wrong.
    pub fn is_right(&self) -> bool {
        self.last.as_ref().is_ok_and(|sight| sight.finding().is_none())
    }

    /// When people have to be told of what is wrong.
    pub fn tell_by(&self) -> Instant {
        self.began + TELL
    }

    /// When to look at the lessons that open next; `None` if none does in the
    /// slot, or something is wrong already.
    pub fn next<T: Tables, C: Clock>(&self, line: &Line<T, C>) -> Option<Due> {
        let sight = self.last.as_ref().ok().filter(|_| self.is_right())?;
        let at = line.when(a_second_after(sight.next?))?;
        Some(Due {
            at,
            from: at.max(self.at + PAUSE),
        })
    }
}

/// Looks each second until what it sees is right, up to four seconds after the
/// lessons were due to be looked at.
pub async fn look<T: Tables, C: Clock>(line: &mut Line<T, C>, clock: &C, slot: Slot, due: Due) -> Round {
    let mut at = due.from;
    let mut looks = 0;
    loop {
        clock.until(at).await;
        let began = clock.now();
        looks += 1;
        let is_last = at + PAUSE > last_look(due.at);
        // One that began late does not make the next one late.
        let limit = if is_last { at } else { at + PAUSE };
        let last = look_once(line, clock, slot, limit.max(began + LAST_LOOK)).await;
        let round = Round {
            looks,
            last,
            at,
            began,
        };
        if is_last || round.is_right() {
            return round;
        }
        at += PAUSE;
    }
}

/// When the last look at lessons is due whose first is due at `first`.
pub fn last_look(first: Instant) -> Instant {
    first + PAUSE * (LOOKS - 1)
}

/// When to look for the first time: by the database's clock, or by this machine's
/// for as long as the database cannot be reached.
pub async fn first<T: Tables, C: Clock>(line: &mut Line<T, C>, clock: &C, begin: Timestamp) -> Due {
    let due = a_second_after(begin);
    let guess = clock.now() + ahead(due, clock.wall());
    let at = loop {
        // At a late wake too: this machine's clock may be the one that is wrong.
        let limit = guess.max(clock.now() + LAST_LOOK);
        if let Some(Ok(reached)) = clock.by(limit, line.reach()).await {
            break reached.time.when(due);
        }
        if clock.now() >= guess {
            break guess;
        }
        clock.until((clock.now() + RETRY).min(guess)).await;
    };
    Due { at, from: at }
}

fn a_second_after(instant: Timestamp) -> Timestamp {
    let pause = SignedDuration::try_from(PAUSE).unwrap_or_default();
    instant.checked_add(pause).unwrap_or(instant)
}

async fn look_once<T: Tables, C: Clock>(
    line: &mut Line<T, C>,
    clock: &C,
    slot: Slot,
    deadline: Instant,
) -> Result<Sight, StoreError> {
    let looking = async {
        let reached = line.reach().await?;
        let now = reached.time.shown_at(clock.now());
        Sight::take(&mut reached.store, slot, now).await
    };
    let seen = clock.by(deadline, looking).await;
    let seen = seen.unwrap_or_else(|| Err(StoreError::Lost("a look had no answer in time".to_owned())));
    seen.inspect_err(|error| line.failed(error))
}
