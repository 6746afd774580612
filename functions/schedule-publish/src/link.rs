//! Lessons get their instants from their centre's settings.
//!
//! A setting says: "every week on this weekday at this time, the lessons of the
//! week that begins so many weeks later open". A week is Monday to Sunday in the
//! setting's time zone.
//!
//! - **The most specific setting wins**: one for the lesson's kind over one for
//!   the whole centre. Of several equal ones the one that opens first.
//! - **Clock changes.** A time that a spring's change leaves out is taken by the
//!   offset before the change: 02:30 becomes 03:30, as calendars do. Of a time
//!   that an autumn's change gives twice, the first is meant.
//! - **A person has the last word.** A `publish_at` that linking did not write
//!   stays, also an empty one where linking had written one.
//! - **Late settings.** A lesson whose opening has passed when it is linked opens
//!   with the slot that is being prepared, which is minutes away: it is not late.
//! - **A setting that makes no sense** covers its lessons all the same, and leaves
//!   them as they are.
//! - **Only what is needed.** A wake looks at the settings as a whole, and then only
//!   at the occurrences of its own slot, at centres whose settings are not those that
//!   they were linked with, and at lessons that are new. What is found by none of
//!   these, such as a lesson that was moved to a week whose opening has passed, is
//!   found within the hour: each minute has its part of the centres.
//! - **Linking never delays firing.** It has a connection and a task of its own, and
//!   a piece that fails is tried again, or logged and left out.

mod centers;
mod jobs;
mod lesson;
mod plan;
mod rule;
mod work;

use lessons::clock::DatabaseClock;
use lessons::store::Stores;
use lessons::time::Slot;
use tokio::time::Instant;

pub use rule::{Rule, Wrong};
use work::Work;

/// Until when.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Lessons of later slots are linked until then; what there is no time for is
    /// left to the next wake.
    pub ahead: Instant,
    /// Those of the slot itself until then.
    pub slot: Instant,
}

/// Links for `slot`, and then ahead. Whatever fails is logged here.
pub async fn link<S: Stores>(stores: S, slot: Slot, clock: DatabaseClock, limits: Limits) {
    let mut work = Work::new(stores, slot, clock, limits);
    if let Some(plan) = work.plan().await {
        work.carry_out(plan).await;
    }
}
