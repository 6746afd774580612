//! The incident, as the tables have it: found, told once, over.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lessons::{
    Store, StoreError,
    store::{Channel, Incident, IncidentKind, Notice},
    time::Slot,
};
use tokio::time::timeout;

use crate::{
    answer::IncidentState,
    message::{Message, Words},
    sight::Sight,
    tell::{Channels, Pending, Told},
};

/// Whoever opens or closes an incident tells people. Another invocation, of an
/// event that came twice, leaves it that long to do so; the next wake is later.
const TELLS_FIRST: SignedDuration = SignedDuration::from_secs(20);
/// A publisher that has been silent for longer is no news: a first deployment, or
/// a machine that slept.
const MEMORY: SignedDuration = SignedDuration::from_mins(10);
/// A channel that never heard of an incident is told of its end this long, so
/// that a new channel does not begin with yesterday's.
const NEWS: SignedDuration = SignedDuration::from_hours(1);

/// Longest time until it is written down: people are told even if it cannot be.
const WRITE: Duration = Duration::from_millis(800);

/// What became of the incident.
#[derive(Debug)]
pub struct Kept {
    /// In a word.
    pub state: IncidentState,
    /// The open one.
    pub open: Option<i64>,
    /// Who has taken a message.
    pub told: Told,
}

/// Opens, updates or closes the incident by what was seen, and tells whoever has
/// not been told.
///
/// # Errors
/// What the store says before anybody is told; later problems are in the answer.
pub async fn keep(
    store: &mut impl Store,
    channels: &Channels,
    words: &Words,
    slot: Slot,
    sight: &Sight,
) -> Result<Kept, StoreError> {
    let writing = async {
        // Of an event that came twice, one may be in the other's way.
        let state = loop {
            match write_down(store, slot, sight).await {
                Err(StoreError::Busy(_)) => {}
                written => break written?,
            }
        };
        Ok((state, store.incidents().await?))
    };
    let written = timeout(WRITE, writing).await.unwrap_or_else(|_| {
        let words = format!("an incident was not written in {} ms", WRITE.as_millis());
        Err(StoreError::Lost(words))
    });
    let (state, incidents) = written?;
    let due = incidents.iter().flat_map(|incident| {
        channels.all().filter_map(move |channel| {
            let message = due(incident, channel, slot, sight, state, words)?;
            Some(Pending {
                channel,
                message,
                about: incident,
            })
        })
    });
    let told = channels
        .tell(due.collect(), async |channel, incident| {
            note(store, incident, channel).await.map_err(Into::into)
        })
        .await;
    let open = incidents.iter().find(|incident| incident.closed_at.is_none());
    Ok(Kept {
        state,
        open: open.map(|incident| incident.id),
        told,
    })
}

async fn write_down(store: &mut impl Store, slot: Slot, sight: &Sight) -> Result<IncidentState, StoreError> {
    let incidents = store.incidents().await?;
    let open = incidents.iter().find(|incident| incident.closed_at.is_none());
    let kind = match (sight.finding(), open) {
        (None, None) => return Ok(IncidentState::None),
        (None, Some(incident)) => {
            return Ok(match store.close_incident(incident.id).await? {
                true => IncidentState::Closed,
                false => IncidentState::None,
            });
        }
        (Some(IncidentKind::Silent), None) => {
            let before = Slot {
                begin: slot.begin.checked_sub(MEMORY).unwrap_or(slot.begin),
                end: slot.begin,
            };
            if !store.has_reported(before).await? {
                return Ok(IncidentState::None);
            }
            IncidentKind::Silent
        }
        (Some(kind), _) => kind,
    };
    Ok(match store.raise(kind, slot.begin, sight.overdue).await? {
        true => IncidentState::Opened,
        false => IncidentState::Open,
    })
}

/// What `channel` has to be told about `incident`.
fn due(
    incident: &Incident,
    channel: Channel,
    slot: Slot,
    sight: &Sight,
    state: IncidentState,
    words: &Words,
) -> Option<Message> {
    let mine = matches!(state, IncidentState::Opened | IncidentState::Closed);
    let since = |instant: Timestamp| sight.at.duration_since(instant);
    match incident.closed_at {
        None => {
            let may = mine || since(incident.opened_at) > TELLS_FIRST;
            (may && !incident.told(channel, Notice::Alert)).then(|| words.alert(slot, sight, state))
        }
        Some(closed_at) => {
            let may = mine || since(closed_at) > TELLS_FIRST;
            let news = incident.told(channel, Notice::Alert) || since(closed_at) < NEWS;
            (may && news && !incident.told(channel, Notice::Over)).then(|| words.over(incident, closed_at))
        }
    }
}

/// A channel that took the word of the end needs none of the beginning.
async fn note(store: &mut impl Store, incident: &Incident, channel: Channel) -> Result<(), StoreError> {
    let notice = match incident.closed_at {
        None => Notice::Alert,
        Some(_) => Notice::Over,
    };
    store.notified(incident.id, channel, notice).await
}
