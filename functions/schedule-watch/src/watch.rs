//! One wake: looks at the lessons that open at the slot's begin, and at those that
//! open later in it.

use std::time::Duration;

use lessons::{clock::ahead, time::Slot};
use tokio::time::Instant;

use crate::{
    acted::Acted,
    answer::SlotAnswer,
    clock::Clock,
    error::WatchError,
    handler::Watcher,
    looks::{self, Due, PAUSE, Round, TELL},
    persist,
    replay::Replays,
    sight::{Publisher, Sight},
    tables::{Line, Tables},
    tell::Told,
};

/// From the last look's begin until all are told and a replay is asked for.
const SEE_TO: Duration = TELL.saturating_add(persist::BUDGET);

impl<T: Tables, R: Replays, C: Clock> Watcher<T, R, C> {
    pub(crate) async fn watch(&self, slot: Slot, deadline: Instant) -> Result<SlotAnswer, WatchError> {
        let too_far = || WatchError::TooFarAhead { slot: slot.begin };
        let guess = self.clock.now() + ahead(slot.begin, self.clock.wall()) + PAUSE;
        if !is_in_time(guess, deadline) {
            return Err(too_far());
        }
        let mut line = self.line();
        let due = looks::first(&mut line, &self.clock, slot.begin).await;
        if !is_in_time(due.at, deadline) {
            line.close().await;
            return Err(too_far());
        }
        let round = looks::look(&mut line, &self.clock, slot, due).await;
        let (looks, tell_by) = (round.looks, round.tell_by());
        let next = next(&round, &line, deadline);
        let watched = match (round.last, next) {
            (Ok(sight), Some(due)) => {
                let later = self.look_on(&mut line, slot, sight, due, deadline).await;
                Watched {
                    looks: looks + later.looks,
                    ..later
                }
            }
            (seen, _) => Watched {
                looks,
                sight: seen.as_ref().ok().copied(),
                acted: self.act(&mut line, slot, seen, tell_by).await,
            },
        };
        line.close().await;
        watched.acted.log();
        Ok(watched.answer(slot))
    }

    /// Looks at the lessons that open later in the slot, and meanwhile sees to what
    /// was right at its begin: a channel that is down takes seconds to be told.
    async fn look_on(
        &self,
        line: &mut Line<T, C>,
        slot: Slot,
        sight: Sight,
        due: Due,
        deadline: Instant,
    ) -> Watched {
        let mut other = self.line();
        let settling = self.settle(&mut other, slot, &sight);
        let (settled, later) = futures::join!(settling, self.later(line, slot, due, deadline));
        other.close().await;
        // What could not be written down, the next wake sees again.
        let settled = settled.unwrap_or_else(|error| Acted::failed(error, Told::default()));
        let (looks, sight, acted) = later;
        Watched {
            looks,
            sight,
            acted: match acted {
                Some(acted) => settled.and(acted),
                None => settled,
            },
        }
    }

    /// One instant after the other, until something is wrong, which ends the wake:
    /// it raises no second incident.
    async fn later(
        &self,
        line: &mut Line<T, C>,
        slot: Slot,
        mut due: Due,
        deadline: Instant,
    ) -> (u32, Option<Sight>, Option<Acted>) {
        let mut looks = 0;
        loop {
            let round = looks::look(line, &self.clock, slot, due).await;
            looks += round.looks;
            if let Some(next) = next(&round, line, deadline) {
                due = next;
                continue;
            }
            let sight = round.last.as_ref().ok().copied();
            if round.is_right() {
                return (looks, sight, None);
            }
            let tell_by = round.tell_by();
            let acted = self.act(line, slot, round.last, tell_by).await;
            return (looks, sight, Some(acted));
        }
    }

    fn line(&self) -> Line<T, C> {
        Line::new(self.tables.clone(), self.clock.clone())
    }
}

/// What a wake came to.
struct Watched {
    looks: u32,
    sight: Option<Sight>,
    acted: Acted,
}

impl Watched {
    fn answer(self, slot: Slot) -> SlotAnswer {
        let Self { looks, sight, acted } = self;
        SlotAnswer {
            slot: slot.begin,
            looks,
            overdue: sight.map(|sight| sight.overdue.count),
            worst_late_ms: sight.map(|sight| sight.worst_late_ms()),
            publisher: sight.map_or(Publisher::Unknown, |sight| sight.publisher),
            incident: acted.incident,
            told: acted.told.names(),
            replayed: acted.replayed,
            untold: acted.told.problems.len(),
        }
    }
}

/// The next lessons to look at, unless this invocation ends before all is done
/// about them: the next slot's wake looks at them then.
fn next<T: Tables, C: Clock>(round: &Round, line: &Line<T, C>, deadline: Instant) -> Option<Due> {
    round.next(line).filter(|due| is_in_time(due.at, deadline))
}

/// Whether lessons that are due to be looked at then can be seen to.
fn is_in_time(due: Instant, deadline: Instant) -> bool {
    looks::last_look(due) + SEE_TO <= deadline
}
