//! Doubles for people and the publisher, a clock that needs no waiting, and real
//! tables.
#![allow(dead_code)]

pub mod sim;
pub mod world;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use lessons::store::Channel;
use schedule_watch::{
    clock::Clock as _,
    message::Message,
    replay::{Replay, Replays},
    tell::Messenger,
};
use shared::{refusal::Refusal, warmup::Ping};
use sim::Sim;
use tokio::{sync::Notify, time::Instant};

/// Something that can be down, and writes down what it took and when.
#[derive(Clone)]
pub struct Taker<A> {
    pub clock: Sim,
    down: Arc<AtomicBool>,
    taken: Arc<Mutex<Vec<(Instant, A)>>>,
    changed: Arc<Notify>,
    waits_for: Option<Arc<Notify>>,
}

impl<A: Clone> Taker<A> {
    pub fn new(clock: &Sim) -> Self {
        Self {
            clock: clock.clone(),
            down: Arc::default(),
            taken: Arc::default(),
            changed: Arc::default(),
            waits_for: None,
        }
    }

    /// Takes nothing until `other` has taken something.
    pub fn after<B>(mut self, other: &Taker<B>) -> Self {
        self.waits_for = Some(Arc::clone(&other.changed));
        self
    }

    pub fn is_down(&self, down: bool) {
        self.down.store(down, Ordering::Relaxed);
    }

    /// What it took since the last time.
    pub fn new_ones(&self) -> Vec<(Instant, A)> {
        std::mem::take(&mut self.taken.lock().expect("no panic while held"))
    }

    /// Done as soon as it has taken something.
    pub fn takes(&self) -> impl Future<Output = ()> + Send + 'static {
        let changed = Arc::clone(&self.changed);
        async move { changed.notified().await }
    }

    async fn take(&self, one: A) -> Result<(), Refusal> {
        if let Some(other) = &self.waits_for {
            other.notified().await;
            // Whoever else waits for it may go on too.
            other.notify_one();
        }
        if self.down.load(Ordering::Relaxed) {
            return Err(Refusal::passing("Down"));
        }
        let mut taken = self.taken.lock().expect("no panic while held");
        taken.push((self.clock.now(), one));
        self.changed.notify_one();
        Ok(())
    }
}

/// A channel.
#[derive(Clone)]
pub struct Phone(pub Channel, pub Taker<Message>);

#[async_trait]
impl Messenger for Phone {
    fn channel(&self) -> Channel {
        self.0
    }

    fn ping(&self) -> Ping<'_> {
        Ping::new("phone", || std::future::ready(Ok(())))
    }

    async fn tell(&self, message: &Message) -> Result<(), Refusal> {
        self.1.take(message.clone()).await
    }
}

/// The publisher.
#[derive(Clone)]
pub struct Asked(pub Taker<Replay>);

#[async_trait]
impl Replays for Asked {
    async fn ask(&self, replay: &Replay) -> Result<(), Refusal> {
        self.0.take(replay.clone()).await
    }
}
