//! From a time that is due to the function's invocation: late and more than
//! once, where the template or a fault wants it.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::{Inner, event};

/// Triggers the function for this time, at once or in a while.
pub(super) fn all(inner: &Arc<Inner>, index: usize, slot: Timestamp, late: &mut JoinSet<()>) {
    let duplicated = inner.faults.strikes(|faults| faults.duplicated_triggers);
    for _ in 0..if duplicated { 2 } else { 1 } {
        let wait = lateness(inner, index);
        if wait.is_zero() {
            one(inner, index, slot);
            continue;
        }
        let inner = Arc::clone(inner);
        late.spawn(async move {
            sleep(wait).await;
            one(&inner, index, slot);
        });
    }
}

/// Anywhere in the schedule's flexible window, and as late as the fault lets
/// it be, each evenly spread.
fn lateness(inner: &Inner, index: usize) -> Duration {
    let window = inner.entries[index].scheduled.schedule.window;
    let late = Duration::from_secs(inner.faults.get().late_triggers_s);
    [window, late]
        .into_iter()
        .map(|most| most.mul_f64(rand::random::<f64>()))
        .sum()
}

fn one(inner: &Inner, index: usize, slot: Timestamp) {
    let entry = &inner.entries[index];
    let payload = event::payload(&entry.scheduled.schedule, &inner.names, slot);
    {
        let mut state = entry.state();
        state.last = Some((slot, inner.clock.now()));
        state.triggers += 1;
    }
    (inner.invoke)(entry.scheduled.function, payload);
}
