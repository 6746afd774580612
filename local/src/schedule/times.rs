//! An expression with what limits it.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::expression::Expression;

/// All the times of one schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// As it is written, for people.
    pub text: String,
    /// What it means.
    pub expression: Expression,
    /// `ScheduleExpressionTimezone`; UTC when not given.
    pub zone: TimeZone,
    /// `StartDate`: nothing happens before.
    pub start: Option<Timestamp>,
    /// `EndDate`: nothing happens after.
    pub end: Option<Timestamp>,
}

impl Times {
    /// The first time after `after`, of a schedule created at `created`: a rate
    /// counts from there, unless it has a `StartDate`.
    pub fn next(&self, after: Timestamp, created: Timestamp) -> Option<Timestamp> {
        // EventBridge ignores both dates for what happens once.
        if matches!(self.expression, Expression::At(_)) {
            return self.expression.next(after, created, &self.zone);
        }
        let began = self.start.unwrap_or(created);
        // The start itself may be a time of the schedule.
        let before_start = self.start.and_then(|start| start.checked_sub(SECOND).ok());
        let after = before_start.map_or(after, |before_start| before_start.max(after));
        let next = self.expression.next(after, began, &self.zone)?;
        self.end.is_none_or(|end| next <= end).then_some(next)
    }
}

/// The smallest step of an expression.
const SECOND: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);
