//! Seeing to what was seen: the incident, people, a replay.

use std::time::Duration;

use lessons::{Store as _, StoreError, time::Slot};
use tokio::time::Instant;

use crate::{
    acted::Acted,
    clock::Clock,
    error::WatchError,
    handler::Watcher,
    incident::{self, Written},
    notices,
    replay::{Replay, Replays},
    sight::Sight,
    tables::{Line, Tables},
};

/// Longest time to write down what nobody has to be told of at once.
const SETTLE: Duration = Duration::from_secs(2);
/// Longest time to write down that a replay was asked for.
const NOTE: Duration = Duration::from_secs(1);

impl<T: Tables, R: Replays, C: Clock> Watcher<T, R, C> {
    /// Sees to what looks came to; of what is wrong people are told by `tell_by`.
    pub(crate) async fn act(
        &self,
        line: &mut Line<T, C>,
        slot: Slot,
        seen: Result<Sight, StoreError>,
        tell_by: Instant,
    ) -> Acted {
        let sight = match seen {
            Ok(sight) if sight.finding().is_some() => sight,
            Ok(sight) => {
                return match self.settle(line, slot, &sight).await {
                    Ok(acted) => acted,
                    Err(error) => self.give_notice(slot, error, Some(&sight)).await,
                };
            }
            Err(error) => return self.give_notice(slot, error, None).await,
        };
        let telling = async {
            match self.keep(line, slot, &sight, tell_by).await {
                Ok(kept) => kept,
                Err(error) => (self.give_notice(slot, error, Some(&sight)).await, None),
            }
        };
        // The replay waits for no channel and no write, and they not for it.
        let ((mut acted, open), replay) = futures::join!(telling, self.replay(&sight));
        acted.replayed = matches!(replay, Ok(true));
        acted.problems.extend(replay.err());
        if let Some(incident) = open.filter(|_| acted.replayed) {
            let noted = self.note_replay(line, incident).await;
            acted.problems.extend(noted.err().map(Into::into));
        }
        acted
    }

    /// Sees to a sight that is right: an incident may be over, or somebody not know
    /// yet that one is.
    pub(crate) async fn settle(
        &self,
        line: &mut Line<T, C>,
        slot: Slot,
        sight: &Sight,
    ) -> Result<Acted, StoreError> {
        let by = self.clock.now() + SETTLE;
        Ok(self.keep(line, slot, sight, by).await?.0)
    }

    /// Writes down by `by` what was seen, and tells whoever has not been told;
    /// answers the open incident too.
    async fn keep(
        &self,
        line: &mut Line<T, C>,
        slot: Slot,
        sight: &Sight,
        by: Instant,
    ) -> Result<(Acted, Option<i64>), StoreError> {
        let mut written = self.write(line, slot, sight, by).await;
        // The connection may have broken since the last look.
        if written.as_ref().is_err_and(StoreError::is_transient) && self.clock.now() < by {
            written = self.write(line, slot, sight, by).await;
        }
        let written = written?;
        let store = &mut line.reach().await?.store;
        let about = (slot, sight);
        let mut told = notices::tell(&written, store, &self.channels, &self.words, &self.clock, about).await;
        let now = self.clock.wall();
        told.merge(self.outages.over(&self.channels, &self.words, now).await);
        let acted = Acted {
            incident: written.state,
            told,
            replayed: false,
            problems: Vec::new(),
        };
        Ok((acted, written.open()))
    }

    async fn write(
        &self,
        line: &mut Line<T, C>,
        slot: Slot,
        sight: &Sight,
        by: Instant,
    ) -> Result<Written, StoreError> {
        let writing = async { incident::write(&mut line.reach().await?.store, slot, sight).await };
        let written = self.clock.by(by, writing).await;
        let too_late = || StoreError::Lost("an incident was not written in time".to_owned());
        let written = written.unwrap_or_else(|| Err(too_late()));
        written.inspect_err(|error| line.failed(error))
    }

    /// Asks for a replay if lessons are overdue; answers whether it did.
    async fn replay(&self, sight: &Sight) -> Result<bool, WatchError> {
        if sight.replaying {
            tracing::info!("no replay is asked for: one of an earlier wake is under way");
        }
        match Replay::of(sight) {
            None => Ok(false),
            Some(replay) => match self.replays.ask(&replay).await {
                Ok(()) => Ok(true),
                Err(refusal) => Err(WatchError::Unreplayed(refusal)),
            },
        }
    }

    async fn note_replay(&self, line: &mut Line<T, C>, incident: i64) -> Result<(), StoreError> {
        let noting = async { line.reach().await?.store.replayed(incident).await };
        let noted = self.clock.by(self.clock.now() + NOTE, noting).await;
        let too_late = || StoreError::Lost("that a replay was asked for was not noted in time".to_owned());
        noted.unwrap_or_else(|| Err(too_late()))?;
        Ok(())
    }

    /// Tells people that the database does not work.
    async fn give_notice(&self, slot: Slot, error: StoreError, sight: Option<&Sight>) -> Acted {
        let message = self.words.database_fails(slot, &error, sight);
        let now = self.clock.wall();
        let told = self.outages.seen(&self.channels, &message, now).await;
        Acted::failed(error, told)
    }
}
