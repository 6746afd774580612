//! What the status page shows of the schedules.

use jiff::Timestamp;
use serde::Serialize;

use super::Entry;

/// One schedule.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduleStatus {
    /// Its name.
    pub name: String,
    /// Logical id of the function that it triggers.
    pub function: String,
    /// As it is written in the template.
    pub expression: String,
    /// Whose clocks it goes by.
    pub timezone: String,
    /// The next time; absent when there is none.
    pub next: Option<Timestamp>,
    /// The last time that was due since the start.
    pub last_due: Option<Timestamp>,
    /// When the function was triggered for it.
    pub last_triggered: Option<Timestamp>,
    /// Triggers since the start.
    pub triggers: u64,
}

pub(super) fn of(entry: &Entry) -> ScheduleStatus {
    let (scheduled, state) = (&entry.scheduled, entry.state());
    let times = &scheduled.schedule.times;
    ScheduleStatus {
        name: scheduled.schedule.name.clone(),
        function: scheduled.function_name.clone(),
        expression: times.text.clone(),
        timezone: times.zone.iana_name().unwrap_or("UTC").to_owned(),
        next: state.timer.next(),
        last_due: state.last.map(|(due, _)| due),
        last_triggered: state.last.map(|(_, at)| at),
        triggers: state.triggers,
    }
}
