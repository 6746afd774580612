//! A database that fails: nothing can be written down then, so what was
//! told is remembered here, by each environment for itself.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use lessons::store::Channel;

use crate::{
    message::{Message, Words},
    tell::{Channels, Pending, Told},
};

/// What this environment remembers.
#[derive(Debug, Default)]
pub struct Outages(Mutex<Option<Outage>>);

/// The newest one. Its end is told to whoever has not heard of it, until the next
/// one begins.
#[derive(Debug, Clone)]
struct Outage {
    since: Timestamp,
    ended: Option<Timestamp>,
    alerted: Vec<Channel>,
    told_of_end: Vec<Channel>,
}

impl Outages {
    /// The database failed at `now`: tells whoever has not heard, in these words.
    pub async fn seen(&self, channels: &Channels, message: &Message, now: Timestamp) -> Told {
        let alerted = self.with(|memory| {
            let begun = Outage {
                since: now,
                ended: None,
                alerted: Vec::new(),
                told_of_end: Vec::new(),
            };
            match memory {
                Some(outage) if outage.ended.is_none() => outage.alerted.clone(),
                _ => memory.insert(begun).alerted.clone(),
            }
        });
        let due = channels.all().filter(|channel| !alerted.contains(channel));
        let pending = due.map(|channel| Pending {
            channel,
            message: message.clone(),
            about: (),
        });
        let note = async |channel, ()| {
            self.with(|memory| memory.iter_mut().for_each(|outage| outage.alerted.push(channel)));
            Ok(())
        };
        channels.tell(pending.collect(), note).await
    }

    /// The database worked at `now`: tells whoever has heard that it had failed.
    pub async fn over(&self, channels: &Channels, words: &Words, now: Timestamp) -> Told {
        let Some(outage) = self.with(|memory| {
            let outage = memory.as_mut()?;
            outage.ended.get_or_insert(now);
            Some(outage.clone())
        }) else {
            return Told::default();
        };
        let message = words.database_works(outage.since, outage.ended.unwrap_or(now));
        let due = channels
            .all()
            .filter(|channel| outage.alerted.contains(channel) && !outage.told_of_end.contains(channel));
        let pending = due.map(|channel| Pending {
            channel,
            message: message.clone(),
            about: (),
        });
        let note = async |channel, ()| {
            self.with(|memory| {
                memory
                    .iter_mut()
                    .for_each(|outage| outage.told_of_end.push(channel))
            });
            Ok(())
        };
        channels.tell(pending.collect(), note).await
    }

    fn with<R>(&self, change: impl FnOnce(&mut Option<Outage>) -> R) -> R {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
