//! `cron(…)`: six fields in a time zone's own time.

use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::civil::{DateTime, date};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::error::ExpressionError;
use super::field::{DAY_OF_MONTH, DAY_OF_WEEK, HOURS, MINUTES, MONTH, YEAR};

/// A checked cron expression of EventBridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cron(Box<croner::Cron>);

impl Cron {
    pub(super) fn parse(fields: &str) -> Result<Self, ExpressionError> {
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let [minutes, hours, day_of_month, month, day_of_week, year] = fields[..] else {
            return Err(ExpressionError::Fields(fields.len()));
        };
        let any = "*".to_owned();
        let (day_of_month, day_of_week) = match (day_of_month, day_of_week) {
            ("?", "?") => return Err(ExpressionError::Days),
            (day, "?") => (DAY_OF_MONTH.rewrite(day)?, any),
            ("?", day) => (any, DAY_OF_WEEK.rewrite(day)?),
            _ => return Err(ExpressionError::Days),
        };
        let pattern = format!(
            "0 {} {} {day_of_month} {} {day_of_week} {}",
            MINUTES.rewrite(minutes)?,
            HOURS.rewrite(hours)?,
            MONTH.rewrite(month)?,
            YEAR.rewrite(year)?
        );
        let parser = CronParser::builder()
            .seconds(Seconds::Required)
            .year(Year::Required);
        let cron = parser.build().parse(&pattern);
        // Every field is checked already: what is left is what no year has.
        let cron = cron.map_err(|_| ExpressionError::NoSuchDate)?;
        let first = cron.find_next_occurrence(&date(1970, 1, 1).at(0, 0, 0, 0), true);
        first
            .map(|_| Self(Box::new(cron)))
            .map_err(|_| ExpressionError::NoSuchDate)
    }

    /// The first time after this one.
    ///
    /// The search is on the clock on the wall, and each time there counts once,
    /// as EventBridge documents it: what the clocks skip in spring does not
    /// happen, and what they repeat in autumn happens the first time only.
    pub(super) fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let mut wall = zone.to_datetime(after);
        loop {
            wall = self.0.find_next_occurrence(&wall, false).ok()?;
            match instant(wall, zone) {
                // Not later: the wall shows it for the second time.
                Some(instant) if instant > after => return Some(instant),
                _ => {}
            }
        }
    }

    /// Whether the wall clock shows a time of this expression.
    #[cfg(test)]
    pub(super) fn matches(&self, wall: DateTime) -> bool {
        self.0.is_time_matching(&wall).unwrap_or(false)
    }
}

/// The first moment at which the clocks show this; `None` if they skip it.
pub(super) fn instant(wall: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(wall);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => None,
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => ambiguous.earlier().ok(),
    }
}
