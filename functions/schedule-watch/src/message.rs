//! What people are told, in words.

mod said;

use jiff::Timestamp;
use lessons::{
    StoreError,
    store::{Audit, Incident, IncidentKind},
    time::Slot,
};

use self::said::{duration, lessons, minute, ms};
use crate::{answer::IncidentState, sight::Sight};

/// SNS takes at most this many characters of ASCII as a subject.
const LONGEST_SUBJECT: usize = 100;

/// A message to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// At most 100 characters of ASCII, on one line.
    pub subject: String,
    /// Everything, the subject's facts included.
    pub text: String,
}

/// The words for what happened, with links to the runbook.
#[derive(Debug, Clone)]
pub struct Words {
    runbook_url: String,
}

impl Words {
    /// With links to the sections of the page at `runbook_url`.
    pub fn new(runbook_url: String) -> Self {
        Self { runbook_url }
    }

    /// That an incident began, or goes on and this channel has not heard of it.
    pub fn alert(&self, slot: Slot, sight: &Sight, state: IncidentState) -> Message {
        let going_on = match state {
            IncidentState::Open => "\nIt goes on since an earlier slot.",
            _ => "",
        };
        match sight.finding() {
            Some(IncidentKind::Overdue) => self.message(
                format!("{} not open", lessons(sight.overdue.count)),
                format!(
                    "The longest waiting one is late by {}.\nSlot: {}\nPublisher of the slot: {}\n{}{going_on}",
                    duration(sight.worst_late_ms()),
                    slot.begin,
                    sight.publisher.word(),
                    match sight.replaying {
                        false => "A replay is asked for, and another if one ends before all are open.",
                        true => "A replay is under way; another is asked for if it ends before all are open.",
                    },
                ),
                "lessons-overdue",
            ),
            _ => self.message(
                format!("no publisher for the slot of {}", minute(slot.begin)),
                format!(
                    "Publisher of the slot: {}. No lesson is late yet; whatever opens from now on may \
                     be.{going_on}",
                    sight.publisher.word(),
                ),
                "publisher-silent",
            ),
        }
    }

    /// That an incident is over.
    pub fn over(&self, incident: &Incident, closed_at: Timestamp) -> Message {
        let lasted = duration(ms(closed_at.duration_since(incident.opened_at)));
        let what = match incident.kind {
            IncidentKind::Overdue => format!(
                "At most {} had not opened at once; the worst was late by {} or a little more.",
                lessons(incident.overdue),
                duration(incident.worst_late_ms),
            ),
            IncidentKind::Silent => "No lesson was late.".to_owned(),
        };
        let (title, anchor) = match incident.kind {
            IncidentKind::Overdue => ("lessons are open", "lessons-overdue"),
            IncidentKind::Silent => ("the publisher is back", "publisher-silent"),
        };
        self.message(
            format!("over, {title} again"),
            format!(
                "It lasted {lasted}.\n{what}\nFirst found in the slot of {}",
                incident.slot
            ),
            anchor,
        )
    }

    /// That the database fails: nobody knows whether lessons open, or `sight` was
    /// all that it let through.
    pub fn database_fails(&self, slot: Slot, error: &StoreError, sight: Option<&Sight>) -> Message {
        let known = match sight {
            None => "Nobody knows whether lessons open.".to_owned(),
            Some(sight) => format!(
                "It could be read, and not written: {} not open, publisher of the slot: {}.",
                lessons(sight.overdue.count),
                sight.publisher.word(),
            ),
        };
        self.message(
            "the lesson database fails".to_owned(),
            format!(
                "{known}\nSlot: {}\nProblem: {}; the words are in the log of schedule-watch",
                slot.begin,
                error.tag(),
            ),
            "database-fails",
        )
    }

    /// That it is known again.
    pub fn database_works(&self, since: Timestamp, until: Timestamp) -> Message {
        self.message(
            "over, the lesson database works again".to_owned(),
            format!(
                "It failed for {}, from {since:.0} on.\nIf lessons are late because of it, there is a message about them.",
                duration(ms(until.duration_since(since))),
            ),
            "database-fails",
        )
    }

    /// How a day went that did not go well.
    pub fn audit(&self, span: Slot, audit: &Audit) -> Message {
        let worst = audit.worst_late_ms.map_or("-".to_owned(), duration);
        self.message(
            format!("{} missed, {} late in a day", audit.missed, audit.late),
            format!(
                "Lessons that were to open from {} to {}:\nmissed: {}\nlate: {}\nrecovered: {}\non time: {}\nby hand: \
                 {}\nworst lateness: {worst}",
                span.begin, span.end, audit.missed, audit.late, audit.recovered, audit.on_time, audit.by_hand,
            ),
            "daily-audit",
        )
    }

    fn message(&self, title: String, text: String, anchor: &str) -> Message {
        let mut subject = format!("Punctual: {title}");
        subject.truncate(LONGEST_SUBJECT);
        Message {
            text: format!("{subject}.\n{text}\nRunbook: {}#{anchor}", self.runbook_url),
            subject,
        }
    }
}

#[cfg(test)]
mod tests;
