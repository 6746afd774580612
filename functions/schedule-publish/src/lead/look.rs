//! When to look at the tables again, and when to fire.

use std::time::Duration;

use jiff::SignedDuration;
use lessons::store::Due;
use lessons::time::Slot;
use tokio::time::Instant;

use super::CONNECT_BEFORE;
use lessons::clock::DatabaseClock;

/// After firing that opened nothing: a lesson that is locked opens so soon after
/// it is free.
pub const PAUSE: Duration = Duration::from_millis(50);
/// The last look before the slot: what it finds late is fired on time.
const LAST: Duration = Duration::from_secs(2);
/// During the slot: a lesson added this much before its instant opens on time.
const DURING: Duration = Duration::from_secs(1);
/// Firing is handed out this much ahead of its instant.
const HAND_OUT: Duration = Duration::from_millis(50);
/// Servers and proxies end what is idle.
const IDLE: Duration = Duration::from_secs(20);
/// Looking takes at most this part of the time.
const SHARE: u32 = 10;

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Fire now; otherwise look again then.
    pub fire: bool,
    /// When.
    pub at: Instant,
}

/// Waits for the first instant that is due, or for the next look, whichever is
/// sooner. `looked` is what the last look took: 100,000 lessons are not read
/// once a second.
pub fn next(clock: &DatabaseClock, slot: Slot, first: Option<&Due>, looked: Duration) -> Next {
    let now = Instant::now();
    let begin = clock.when(slot.begin);
    let look = [CONNECT_BEFORE, LAST]
        .into_iter()
        .filter_map(|before| begin.checked_sub(before))
        .find(|look| *look > now)
        .unwrap_or(now + DURING.max(looked * SHARE))
        .min(now + IDLE.max(looked * SHARE));
    // The slot's end is looked at as it comes: nothing of it opens after that.
    let end = clock.when(slot.end);
    let look = if now < end { look.min(end) } else { look };
    let Some(first) = first else {
        return Next {
            fire: false,
            at: look,
        };
    };
    // There is a look before it is handed out.
    let ahead = HAND_OUT + looked * 2;
    let fire = clock.when(first.publish_at).checked_sub(ahead).unwrap_or(now);
    match fire <= now {
        true => Next { fire: true, at: now },
        // A look that ends after the instant would delay it.
        false if look + looked * 2 > fire => Next {
            fire: false,
            at: fire,
        },
        false => Next {
            fire: false,
            at: look,
        },
    }
}

/// A span before the clock's time now.
pub fn ago(clock: &DatabaseClock, milliseconds: i64) -> jiff::Timestamp {
    clock.now() - SignedDuration::from_millis(milliseconds)
}
