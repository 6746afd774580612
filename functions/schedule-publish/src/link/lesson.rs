//! What linking does with one lesson.

use jiff::Timestamp;
use lessons::store::Linkable;
use lessons::time::Slot;

use super::centers::{Center, Cover};

/// From where linking looks at time.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    /// What is being prepared.
    pub slot: Slot,
    /// The database's clock.
    pub now: Timestamp,
}

/// The instant that the lesson should have, if it is another than it has; `None`
/// inside for none at all.
pub(super) fn wish(lesson: &Linkable, center: Option<&Center>, view: View) -> Option<Option<Timestamp>> {
    // A person has the last word, and a lesson that has begun need not open.
    if lesson.publish_at != lesson.auto_publish_at || lesson.starts_at <= view.now {
        return None;
    }
    let opening = match center.and_then(|center| center.cover(&lesson.class_kind)) {
        Some(Cover::Broken) => return None,
        Some(Cover::Rule(rule)) => Some(rule.opening(rule.week_of(lesson.starts_at))?),
        None => None,
    };
    let wish = opening.map(|opening| view.instant(opening));
    if wish == lesson.publish_at {
        return None;
    }
    match (lesson.publish_at, opening) {
        // Members see it as open already; at a wake that comes after its slot nobody
        // has told them that it was not meant.
        (Some(at), _) if at <= view.now && !(view.slot.contains(at) && view.now >= view.slot.end) => None,
        // What opens with an earlier slot is not put off to this one.
        (Some(at), Some(opening)) if opening <= view.now && at <= view.slot.begin => None,
        _ => Some(wish),
    }
}

impl View {
    /// When a lesson opens whose setting says `opening`. In a slot that was missed
    /// altogether nothing can open on time any more.
    fn instant(&self, opening: Timestamp) -> Timestamp {
        match opening > self.now || self.slot.contains(opening) {
            true => opening,
            false if self.now < self.slot.end => self.slot.begin,
            false => lessons::time::to_millisecond(self.now),
        }
    }
}
