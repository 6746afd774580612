//! Who is told of the incidents in the tables: each channel of each begin and end
//! once.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lessons::{
    Store, StoreError,
    store::{Channel, Incident, Notice},
    time::Slot,
};

use crate::{
    clock::Clock,
    incident::Written,
    message::{Message, Words},
    sight::Sight,
    tell::{Channels, Pending, Told},
};

/// Whoever opens or closes an incident tells people. Another invocation, of an
/// event that came twice, leaves it that long to do so; the next wake is later.
const TELLS_FIRST: SignedDuration = SignedDuration::from_secs(20);
/// A channel that never heard of an incident is told of its end this long, so
/// that a new channel does not begin with yesterday's.
const NEWS: SignedDuration = SignedDuration::from_hours(1);
/// Longest time to note that a channel has taken a message: the others wait.
const NOTE: Duration = Duration::from_secs(1);

/// Tells whoever has not been told, and notes it.
pub async fn tell(
    written: &Written,
    store: &mut impl Store,
    channels: &Channels,
    words: &Words,
    clock: &impl Clock,
    (slot, sight): (Slot, &Sight),
) -> Told {
    let due = written.incidents.iter().flat_map(|incident| {
        channels.all().filter_map(move |channel| {
            let message = due(written, incident, channel, slot, sight, words)?;
            Some(Pending {
                channel,
                message,
                about: incident,
            })
        })
    });
    channels
        .tell(due.collect(), async |channel, incident| {
            let noting = note(store, incident, channel);
            let noted = clock.by(clock.now() + NOTE, noting).await;
            noted.unwrap_or_else(|| Err(unnoted())).map_err(Into::into)
        })
        .await
}

fn unnoted() -> StoreError {
    StoreError::Lost("that a message was taken was not noted in time: it may come twice".to_owned())
}

/// What `channel` has to be told about `incident`.
fn due(
    written: &Written,
    incident: &Incident,
    channel: Channel,
    slot: Slot,
    sight: &Sight,
    words: &Words,
) -> Option<Message> {
    let mine = written.mine == Some(incident.id);
    let since = |instant: Timestamp| sight.at.duration_since(instant);
    match incident.closed_at {
        None => {
            let may = mine || since(incident.opened_at) > TELLS_FIRST;
            (may && !incident.told(channel, Notice::Alert)).then(|| words.alert(slot, sight, written.state))
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
