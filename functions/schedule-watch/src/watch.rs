//! One wake: look, and see to what is wrong.

use lessons::{Store as _, StoreError, clock::ahead, time::Slot};
use tokio::time::Instant;

use crate::{
    answer::{IncidentState, SlotAnswer},
    clock::Clock,
    error::WatchError,
    handler::Watcher,
    incident::{self, Kept},
    looks::{self, LAST_LOOK, LOOKS, Looked, PAUSE},
    persist,
    replay::{Replay, Replays},
    sight::{Publisher, Sight},
    tables::{Line, Tables},
    tell::Told,
};

/// What a wake did.
struct Acted {
    incident: IncidentState,
    told: Told,
    replayed: bool,
    problems: Vec<WatchError>,
}

impl<T: Tables, R: Replays, C: Clock> Watcher<T, R, C> {
    pub(crate) async fn watch(&self, slot: Slot, deadline: Instant) -> Result<SlotAnswer, WatchError> {
        let needed = PAUSE * LOOKS + LAST_LOOK + persist::BUDGET;
        if self.clock.now() + ahead(slot.begin, self.clock.wall()) + needed > deadline {
            return Err(WatchError::TooFarAhead { slot: slot.begin });
        }
        let mut line = Line::new(self.tables.clone(), self.clock.clone());
        let Looked { looks, last } = looks::look(&mut line, &self.clock, slot).await;
        let sight = last.as_ref().ok().copied();
        let acted = match last {
            Ok(sight) => self.act(&mut line, slot, &sight).await,
            Err(error) => self.give_notice(slot, error, false).await,
        };
        line.close().await;
        let Acted { told, problems, .. } = &acted;
        problems.iter().chain(&told.problems).for_each(WatchError::log);
        Ok(SlotAnswer {
            slot: slot.begin,
            looks,
            overdue: sight.map(|sight| sight.overdue.count),
            worst_late_ms: sight.map(|sight| sight.worst_late_ms()),
            publisher: sight.map_or(Publisher::Unknown, |sight| sight.publisher),
            incident: acted.incident,
            told: told.names(),
            replayed: acted.replayed,
        })
    }

    /// Sees to what was seen. The replay is asked for beside everything else: it
    /// waits for no channel and no write.
    async fn act(&self, line: &mut Line<T, C>, slot: Slot, sight: &Sight) -> Acted {
        let keeping = async {
            let reached = line.reach().await?;
            incident::keep(&mut reached.store, &self.channels, &self.words, slot, sight).await
        };
        let (kept, replay) = futures::join!(keeping, self.replay(sight));
        let replayed = matches!(replay, Ok(true));
        let mut acted = match kept {
            Ok(kept) => self.go_on(line, kept, replayed).await,
            Err(error) => {
                line.failed(&error);
                self.give_notice(slot, error, replayed).await
            }
        };
        acted.problems.extend(replay.err());
        acted
    }

    /// Asks for a replay if lessons are overdue; answers whether it did.
    async fn replay(&self, sight: &Sight) -> Result<bool, WatchError> {
        match Replay::of(sight) {
            None => Ok(false),
            Some(replay) => match self.replays.ask(&replay).await {
                Ok(()) => Ok(true),
                Err(refusal) => Err(WatchError::Unreplayed(refusal)),
            },
        }
    }

    /// What is left where the database works.
    async fn go_on(&self, line: &mut Line<T, C>, kept: Kept, replayed: bool) -> Acted {
        let noted = match kept.open.filter(|_| replayed) {
            None => Ok(()),
            Some(incident) => note_replay(line, incident).await,
        };
        let mut told = kept.told;
        let now = self.clock.wall();
        told.merge(self.outages.over(&self.channels, &self.words, now).await);
        Acted {
            incident: kept.state,
            told,
            replayed,
            problems: noted.err().map(Into::into).into_iter().collect(),
        }
    }

    /// Tells people that the database does not work.
    async fn give_notice(&self, slot: Slot, error: StoreError, replayed: bool) -> Acted {
        let now = self.clock.wall();
        let told = self.outages.seen(&self.channels, &self.words, slot, &error, now);
        Acted {
            incident: IncidentState::Unknown,
            told: told.await,
            replayed,
            problems: vec![error.into()],
        }
    }
}

async fn note_replay<T: Tables, C: Clock>(line: &mut Line<T, C>, incident: i64) -> Result<(), StoreError> {
    line.reach().await?.store.replayed(incident).await?;
    Ok(())
}
