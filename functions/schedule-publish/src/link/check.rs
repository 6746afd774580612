//! Lessons of the slot that do not belong to it any more.

use std::collections::BTreeMap;

use jiff::Timestamp;
use lessons::{Store, StoreError};

use super::View;
use super::centers::Center;

/// A lesson may have been moved to another week or kind since it was linked:
/// what opens now is compared with what its setting says now. It reads each due
/// row once, which also has the rows' pages in memory when they are opened.
pub(super) async fn check(
    store: &mut impl Store,
    centers: &BTreeMap<i64, Center>,
    view: View,
) -> Result<u64, StoreError> {
    let mut moves: BTreeMap<(Timestamp, Option<Timestamp>), Vec<i64>> = BTreeMap::new();
    for lesson in store.linked(view.slot).await? {
        let rule = centers
            .get(&lesson.center)
            .and_then(|center| center.rule(&lesson.class_kind));
        let opening = rule.and_then(|rule| rule.opening(rule.week_of(lesson.starts_at)));
        let instant = opening.map(|opening| view.instant(opening));
        if instant != Some(lesson.publish_at) {
            let moved = moves.entry((lesson.publish_at, instant)).or_default();
            moved.push(lesson.id);
        }
    }
    let mut moved = 0;
    for ((from, to), ids) in moves {
        moved += store.relink(&ids, from, to).await?;
    }
    Ok(moved)
}
