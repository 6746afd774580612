//! Pieces of linking: each reads some lessons and moves those that should open at
//! another instant.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lessons::store::{Linkable, Moved};
use lessons::time::Slot;
use lessons::{Store, StoreError};

use super::centers::Center;
use super::lesson::{View, wish};

/// Lessons that are read at once.
const PAGE: usize = 5_000;

/// A piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    /// Lessons of the slot that do not belong to it any more: one may have been
    /// moved to another week or kind since it was linked. It reads each due row
    /// once, which also has the rows' pages in memory when they are opened.
    Check,
    /// A centre's lessons of a week that opens in the slot.
    Week(i64, Slot),
    /// All of a centre's lessons.
    Center(i64),
}

/// Carries out a piece.
pub(super) async fn carry_out(
    job: Job,
    store: &mut impl Store,
    centers: &BTreeMap<i64, Center>,
    view: View,
) -> Result<Moved, StoreError> {
    let (center, starts) = match job {
        Job::Check => {
            let lessons = store.linked(view.slot).await?;
            return put_right(store, &lessons, centers, view).await;
        }
        Job::Week(center, week) => (center, week),
        Job::Center(center) => {
            let end = Timestamp::MAX;
            (center, Slot { begin: view.now, end })
        }
    };
    let mut all = Moved::default();
    let mut last: Option<Linkable> = None;
    loop {
        let lessons = store.of_center(center, starts, last.as_ref(), PAGE).await?;
        all += put_right(store, &lessons, centers, view).await?;
        match lessons.last() {
            Some(lesson) if lessons.len() == PAGE => last = Some(lesson.clone()),
            _ => return Ok(all),
        }
    }
}

/// One statement for each setting and occurrence, that is for each instant that
/// lessons have and each that they should have.
async fn put_right(
    store: &mut impl Store,
    lessons: &[Linkable],
    centers: &BTreeMap<i64, Center>,
    view: View,
) -> Result<Moved, StoreError> {
    let mut moves: BTreeMap<(Option<Timestamp>, Option<Timestamp>), Vec<i64>> = BTreeMap::new();
    for (index, lesson) in lessons.iter().enumerate() {
        // Firing and the lease share this thread.
        if index % 1_000 == 999 {
            tokio::task::yield_now().await;
        }
        if let Some(to) = wish(lesson, centers.get(&lesson.center), view) {
            moves.entry((lesson.publish_at, to)).or_default().push(lesson.id);
        }
    }
    let mut all = Moved::default();
    for ((from, to), mut ids) in moves {
        ids.sort_unstable();
        all += store.relink(&ids, from, to).await?;
    }
    Ok(all)
}
