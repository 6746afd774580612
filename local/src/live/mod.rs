//! What happens in a running stack, gathered for whoever watches: the console and
//! `punctual status`.
//!
//! Those to whom something happens say so ([`Reporter`], [`Live::delivered`]) and go on:
//! a thread of its own reads lines and keeps the figures. When it falls behind, what it
//! misses is counted and shown.

mod function;
mod happening;
mod histogram;
mod journal;
mod lessons;
mod line;
mod positions;
mod rates;
mod recent;
mod sheets;
mod state;
mod view;

pub use lessons::Lessons;
pub use rates::Rates;
pub use view::{Moment, Surroundings};

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;

pub(crate) use happening::Answered;
use happening::Happening;
use recent::Told;
use state::State;

/// Happenings on their way to the thread: chunks of lines, of 64 KiB at most, and
/// answers.
const QUEUED: usize = 8_192;
/// And of all that waits.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The figures of one stack. Clones share them.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    queue: SyncSender<Happening>,
    /// Bytes in the queue.
    waiting: AtomicUsize,
    missed: AtomicU64,
    watchers: AtomicUsize,
    state: Mutex<State>,
}

/// One function's way to tell what happens to it.
#[derive(Clone)]
pub(crate) struct Reporter {
    live: Live,
    index: usize,
    draws: bool,
}

impl Default for Live {
    fn default() -> Self {
        let (queue, happenings) = sync_channel(QUEUED);
        let live = Self(Arc::new(Inner {
            queue,
            waiting: AtomicUsize::new(0),
            missed: AtomicU64::new(0),
            watchers: AtomicUsize::new(0),
            state: Mutex::new(State::default()),
        }));
        let inner = Arc::downgrade(&live.0);
        std::thread::spawn(move || {
            while let Ok(happening) = happenings.recv() {
                let Some(inner) = inner.upgrade() else { return };
                inner.waiting.fetch_sub(happening.bytes(), Relaxed);
                inner.state().take(happening);
            }
        });
        live
    }
}

impl Live {
    /// Makes a function known, under its logical id.
    pub(crate) fn function(&self, name: &str) -> Reporter {
        Reporter {
            live: self.clone(),
            index: self.0.state().add(name),
            draws: name == "Actions",
        }
    }

    /// Firehose has stored these lines, so many.
    pub(crate) fn delivered(&self, lines: Vec<u8>, count: usize) {
        self.tell(Happening::Delivered(lines, count));
    }

    /// Counts a watcher until it is dropped.
    pub fn watch(&self) -> Watching {
        self.0.watchers.fetch_add(1, Relaxed);
        Watching(self.clone())
    }

    /// Whether anyone watches.
    pub fn is_watched(&self) -> bool {
        self.0.watchers.load(Relaxed) > 0
    }

    /// Notes the figures of this second, by which rates are told.
    pub fn second(&self) {
        self.0.state().second();
    }

    /// A moment passes that nobody sees.
    pub fn pass(&self) {
        self.0.state().pass();
    }

    /// Per second, of the last five.
    pub fn rates(&self) -> Rates {
        self.0.state().rates()
    }

    /// What is new since the last moment, in these surroundings.
    pub fn moment(&self, surroundings: Surroundings) -> Moment {
        let missed = self.0.missed.load(Relaxed);
        self.0.state().moment(surroundings, missed, Told::New)
    }

    /// All that there is, for someone who begins to watch.
    pub fn everything(&self, surroundings: Surroundings) -> Moment {
        let missed = self.0.missed.load(Relaxed);
        self.0.state().moment(surroundings, missed, Told::All)
    }

    /// Never waits: whoever tells has something better to do.
    fn tell(&self, happening: Happening) {
        let bytes = happening.bytes();
        let waiting = self.0.waiting.fetch_add(bytes, Relaxed);
        if waiting > MOST_BYTES || self.0.queue.try_send(happening).is_err() {
            self.0.waiting.fetch_sub(bytes, Relaxed);
            self.0.missed.fetch_add(1, Relaxed);
        }
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reporter {
    /// The function has printed these whole lines.
    pub fn printed(&self, lines: Bytes) {
        self.live.tell(Happening::Printed(self.index, lines));
    }

    /// An invocation has ended.
    pub fn answered(&self, took: Duration, answered: Answered) {
        self.live.tell(Happening::Answered(self.index, took, answered));
    }

    /// Somebody got this answer over HTTP. Those of the function that makes run sheets
    /// are drawn.
    pub fn said(&self, payload: &Bytes) {
        if self.draws {
            self.live.tell(Happening::Said(payload.clone()));
        }
    }
}

/// Somebody who watches.
pub struct Watching(Live);

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.0.watchers.fetch_sub(1, Relaxed);
    }
}
