//! EventBridge's schedules: triggers functions when their time has come.
//!
//! [`timer`] knows which time of a schedule is due, [`event`] what the function
//! gets, and [`trigger`] how late and how often. The time comes from a
//! [`Clock`], so that tests can bring their own.

mod clock;
mod event;
mod status;
#[cfg(test)]
mod tests;
mod timer;
mod trigger;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

use crate::console::note;
use crate::faults::Faults;
use crate::template::Schedule;
use timer::{Due, Timer};

pub use clock::Clock;
pub use event::Names;
pub use status::ScheduleStatus;

/// How long the clock on the wall goes unwatched. The sleep in between knows
/// nothing of a suspended machine or a clock that is set.
const LOOK: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(1);

/// A schedule and the function that it triggers.
#[derive(Debug, Clone)]
pub struct Scheduled {
    /// The function's position in the template.
    pub function: usize,
    /// Its logical id.
    pub function_name: String,
    /// When and with what.
    pub schedule: Schedule,
}

/// Invokes a function, known by its position, with an event; does not wait for it.
type Invoke = Box<dyn Fn(usize, Bytes) + Send + Sync>;

/// The schedules of one stack. Clones are the same schedules.
#[derive(Clone)]
pub struct Scheduler(Arc<Inner>);

struct Inner {
    entries: Vec<Entry>,
    names: Names,
    clock: Clock,
    faults: Faults,
    invoke: Invoke,
    task: Mutex<Option<JoinHandle<()>>>,
}

struct Entry {
    scheduled: Scheduled,
    state: Mutex<State>,
}

struct State {
    timer: Timer,
    /// The time that was due, and when the function was triggered for it.
    last: Option<(Timestamp, Timestamp)>,
    triggers: u64,
}

impl Scheduler {
    /// Sets up the schedules, all created now; triggers nothing yet.
    pub fn new(
        schedules: Vec<Scheduled>,
        names: Names,
        clock: Clock,
        faults: Faults,
        invoke: impl Fn(usize, Bytes) + Send + Sync + 'static,
    ) -> Self {
        let now = clock.now();
        let entry = |scheduled: Scheduled| {
            let state = State {
                timer: Timer::new(&scheduled.schedule, now),
                last: None,
                triggers: 0,
            };
            Entry {
                scheduled,
                state: Mutex::new(state),
            }
        };
        Self(Arc::new(Inner {
            entries: schedules.into_iter().map(entry).collect(),
            names,
            clock,
            faults,
            invoke: Box::new(invoke),
            task: Mutex::default(),
        }))
    }

    /// Triggers from now on.
    pub fn start(&self) {
        self.stop();
        *self.0.task() = Some(tokio::spawn(run(Arc::clone(&self.0))));
    }

    /// Triggers nothing any more, also not what is on its way and only late.
    pub fn stop(&self) {
        if let Some(task) = self.0.task().take() {
            task.abort();
        }
    }

    /// All schedules, in the template's order.
    pub fn status(&self) -> Vec<ScheduleStatus> {
        self.0.entries.iter().map(status::of).collect()
    }
}

impl Inner {
    fn task(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends with its task, and then whatever is late with it.
async fn run(inner: Arc<Inner>) {
    let mut late = JoinSet::new();
    loop {
        let now = inner.clock.now();
        for index in 0..inner.entries.len() {
            let due = inner.entries[index].state().timer.due(now);
            if let Some(slot) = due.and_then(|due| told(&inner.entries[index], &due)) {
                trigger::all(&inner, index, slot, &mut late);
            }
        }
        while late.try_join_next().is_some() {}
        sleep(until_next(&inner).min(LOOK)).await;
    }
}

/// The time that is due; what was missed is said.
fn told(entry: &Entry, due: &Due) -> Option<Timestamp> {
    if due.missed {
        let name = &entry.scheduled.schedule.name;
        note(match due.slot {
            Some(slot) => format!(
                "{name}: this machine slept, or its clock was set; of the times that it missed the last one happens now: {slot}"
            ),
            None => format!(
                "{name}: this machine slept, or its clock was set; what it missed is too old to happen"
            ),
        });
    }
    due.slot
}

fn until_next(inner: &Inner) -> Duration {
    let next = inner
        .entries
        .iter()
        .filter_map(|entry| entry.state().timer.next())
        .min();
    let wait = next.map(|next| next.duration_since(inner.clock.now()));
    // What is due already gets a moment: no clock can make this a busy loop.
    let wait = wait.map(|wait| Duration::try_from(wait).unwrap_or_default());
    wait.map_or(LOOK, |wait| wait.max(MOMENT))
}
