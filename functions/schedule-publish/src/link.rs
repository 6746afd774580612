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
//! - **Only what is needed.** A wake looks at the settings as a whole, and then
//!   only at the occurrences of its own slot, at centres whose settings are not
//!   those that they were linked with, and at lessons that are new.

mod centers;
mod check;
mod rule;

use jiff::Timestamp;
use lessons::time::Slot;
use lessons::{Store, StoreError};
use tokio::time::Instant;

use centers::centers;
pub use rule::{Rule, Wrong};

/// Links for `slot`, and then ahead until `stop`: what there is no time for is
/// left to the next wake. `now` is the database's clock.
///
/// # Errors
/// What the store says. A setting that makes no sense is logged and passed over.
pub async fn link(
    store: &mut impl Store,
    slot: Slot,
    now: Timestamp,
    stop: Instant,
) -> Result<(), StoreError> {
    let view = View { slot, now };
    let settings = store.settings().await?;
    let seen = store.seen().await?;
    let all = centers(&settings);
    let mut linked = 0;
    for center in all.values() {
        linked += center.link_occurrences(store, view).await?;
    }
    linked += check::check(store, &all, view).await?;
    linked += centers::link_ahead(store, &all, &seen, view, stop).await?;
    if linked > 0 {
        tracing::info!(linked, slot = %slot.begin, "lessons got their instants from their settings");
    }
    Ok(())
}

/// From where linking looks at time.
#[derive(Debug, Clone, Copy)]
struct View {
    slot: Slot,
    now: Timestamp,
}

impl View {
    /// When a lesson opens whose setting says `opening`.
    fn instant(&self, opening: Timestamp) -> Timestamp {
        match opening > self.now || self.slot.contains(opening) {
            true => opening,
            false => self.slot.begin,
        }
    }

    /// Lessons that are due by then are left to those who publish them.
    fn later_than(&self, opening: Timestamp) -> Timestamp {
        match opening > self.now {
            true => self.now,
            false => self.slot.begin,
        }
    }
}
