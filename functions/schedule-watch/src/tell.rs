//! Telling people, over each channel there is.

use async_trait::async_trait;
use futures::{StreamExt, stream::FuturesUnordered};
use lessons::store::Channel;
use shared::{refusal::Refusal, warmup::Ping};

use crate::{
    error::{WatchError, name_of},
    message::Message,
};

/// A way to tell people.
#[async_trait]
pub trait Messenger: Send + Sync {
    /// Which one it is.
    fn channel(&self) -> Channel;
    /// Its ping; no answer waits for it, a message may.
    fn ping(&self) -> Ping<'_>;
    /// Tells people; done when the channel has taken the message.
    async fn tell(&self, message: &Message) -> Result<(), Refusal>;
}

/// All channels that are set up.
#[derive(Default)]
pub struct Channels(Vec<Box<dyn Messenger>>);

/// A message that a channel has not had yet, and what it is about.
#[derive(Debug, Clone)]
pub struct Pending<A> {
    /// Whom to tell.
    pub channel: Channel,
    /// What.
    pub message: Message,
    /// What it is about, for whoever notes that it was taken.
    pub about: A,
}

impl Channels {
    /// These.
    pub fn new(all: Vec<Box<dyn Messenger>>) -> Self {
        Self(all)
    }

    /// The pings of all.
    pub fn pings(&self) -> Vec<Ping<'_>> {
        self.0.iter().map(|one| one.ping()).collect()
    }

    /// Which ones there are.
    pub fn all(&self) -> impl Iterator<Item = Channel> {
        self.0.iter().map(|one| one.channel())
    }

    /// Sends all messages side by side, so that a slow channel holds up no other;
    /// calls `taken` for each as soon as its channel has it.
    pub async fn tell<A>(
        &self,
        pending: Vec<Pending<A>>,
        mut taken: impl AsyncFnMut(Channel, A) -> Result<(), WatchError>,
    ) -> Told {
        let mut telling: FuturesUnordered<_> = pending
            .into_iter()
            .filter_map(|one| {
                let messenger = self.0.iter().find(|all| all.channel() == one.channel)?;
                Some(async move { (messenger.tell(&one.message).await, one) })
            })
            .collect();
        let mut told = Told::default();
        while let Some((answer, Pending { channel, about, .. })) = telling.next().await {
            let noted = match answer {
                Ok(()) => {
                    told.add(channel);
                    taken(channel, about).await
                }
                Err(refusal) => Err(WatchError::Untold { channel, refusal }),
            };
            told.problems.extend(noted.err());
        }
        told
    }

    /// Tells everyone the same.
    pub async fn tell_all(&self, message: &Message) -> Told {
        let pending = self.all().map(|channel| Pending {
            channel,
            message: message.clone(),
            about: (),
        });
        self.tell(pending.collect(), async |_, ()| Ok(())).await
    }
}

/// The channels that took a message, each once, and what went wrong.
#[derive(Debug, Default)]
pub struct Told {
    channels: Vec<Channel>,
    /// For the log.
    pub problems: Vec<WatchError>,
}

impl Told {
    fn add(&mut self, channel: Channel) {
        if !self.channels.contains(&channel) {
            self.channels.push(channel);
        }
    }

    /// All of these too.
    pub fn merge(&mut self, others: Self) {
        others.channels.into_iter().for_each(|channel| self.add(channel));
        self.problems.extend(others.problems);
    }

    /// Their names, SNS first.
    pub fn names(&self) -> Vec<&'static str> {
        let both = [Channel::Sns, Channel::Slack].into_iter();
        both.filter(|channel| self.channels.contains(channel))
            .map(name_of)
            .collect()
    }
}
