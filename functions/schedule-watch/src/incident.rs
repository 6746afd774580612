//! The incident, as the tables have it: found, going on, over.

use jiff::SignedDuration;
use lessons::{
    Store, StoreError,
    store::{Incident, IncidentKind},
    time::Slot,
};

use crate::{answer::IncidentState, sight::Sight};

/// A publisher that has been silent for longer is no news: a first deployment, or
/// a machine that slept.
const MEMORY: SignedDuration = SignedDuration::from_mins(10);

/// What the tables say once what was seen is in them.
#[derive(Debug)]
pub struct Written {
    /// What became of the incident.
    pub state: IncidentState,
    /// The one that this wake has opened or closed.
    pub mine: Option<i64>,
    /// The open one, and those of the past day.
    pub incidents: Vec<Incident>,
}

impl Written {
    /// The open one.
    pub fn open(&self) -> Option<i64> {
        open_of(&self.incidents).map(|incident| incident.id)
    }
}

fn open_of(incidents: &[Incident]) -> Option<&Incident> {
    incidents.iter().find(|incident| incident.closed_at.is_none())
}

/// Opens, updates or closes the incident by what was seen. May be dropped at any
/// time.
///
/// # Errors
/// What the store says.
pub async fn write(store: &mut impl Store, slot: Slot, sight: &Sight) -> Result<Written, StoreError> {
    // Of an event that came twice, one may be in the other's way.
    let (state, closed) = loop {
        match write_once(store, slot, sight).await {
            Err(StoreError::Busy(_)) => {}
            written => break written?,
        }
    };
    let incidents = store.incidents().await?;
    let open = open_of(&incidents).map(|incident| incident.id);
    Ok(Written {
        state,
        mine: closed.or(open.filter(|_| state == IncidentState::Opened)),
        incidents,
    })
}

/// Answers what became of the incident, and which one is closed by it.
async fn write_once(
    store: &mut impl Store,
    slot: Slot,
    sight: &Sight,
) -> Result<(IncidentState, Option<i64>), StoreError> {
    let incidents = store.incidents().await?;
    let kind = match (sight.finding(), open_of(&incidents)) {
        (None, None) => return Ok((IncidentState::None, None)),
        // Another watcher has found it since this one looked.
        (None, Some(incident)) if incident.opened_at > sight.at => return Ok((IncidentState::Open, None)),
        (None, Some(incident)) => {
            return Ok(match store.close_incident(incident.id).await? {
                true => (IncidentState::Closed, Some(incident.id)),
                false => (IncidentState::None, None),
            });
        }
        (Some(IncidentKind::Silent), None) => {
            let before = Slot {
                begin: slot.begin.checked_sub(MEMORY).unwrap_or(slot.begin),
                end: slot.begin,
            };
            if !store.has_reported(before).await? {
                return Ok((IncidentState::None, None));
            }
            IncidentKind::Silent
        }
        (Some(kind), _) => kind,
    };
    let state = match store.raise(kind, slot.begin, sight.overdue).await? {
        true => IncidentState::Opened,
        false => IncidentState::Open,
    };
    Ok((state, None))
}
