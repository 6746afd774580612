//! Instants as both databases write them, and the minute that is published at once.

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use serde::Serialize;

use crate::error::StoreError;

/// The format of MySQL's DATETIME(3) as text, and of SQLite's columns.
const FORMAT: &str = "%Y-%m-%d %H:%M:%S%.3f";

/// A longer lead than a function can wait for is a mistake.
const MOST_LEAD_MINUTES: i64 = 14;

/// `2026-11-24 10:30:00.000`, UTC. What is finer than a millisecond is cut off.
pub fn to_text(instant: Timestamp) -> String {
    instant.strftime(FORMAT).to_string()
}

/// Reads what a database wrote, with a fraction of any length or none. The last
/// two days of year 9999, which a column can hold and an instant cannot, are read as
/// the last instant.
///
/// # Errors
/// [`StoreError::Unreadable`], when it is not a time.
pub fn from_text(text: &str) -> Result<Timestamp, StoreError> {
    let civil: Result<DateTime, _> = text.parse();
    civil
        .map(|civil| TimeZone::UTC.to_timestamp(civil).unwrap_or(Timestamp::MAX))
        .map_err(|error| StoreError::Unreadable(format!("`{text}` is not a time: {error}")))
}

/// `instant` cut to its millisecond, as a database keeps it.
pub fn to_millisecond(instant: Timestamp) -> Timestamp {
    let milliseconds = instant.as_nanosecond().div_euclid(1_000_000);
    // Cutting an instant that exists cannot leave the range.
    i64::try_from(milliseconds)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .unwrap_or(instant)
}

/// A span of time whose lessons one run publishes: from `begin` up to, not
/// including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Slot {
    /// Its first instant.
    pub begin: Timestamp,
    /// The first instant that is not in it.
    pub end: Timestamp,
}

impl Slot {
    /// The minute that `instant` falls into. Schedules start with the minute, but
    /// `rate(1 minute)` keeps the seconds at which it was created.
    pub fn minute_of(instant: Timestamp) -> Self {
        let seconds = instant.as_second().div_euclid(60) * 60;
        let begin = Timestamp::from_second(seconds).unwrap_or(instant);
        Self {
            begin,
            end: begin
                .checked_add(SignedDuration::from_mins(1))
                .unwrap_or(Timestamp::MAX),
        }
    }

    /// The minute that begins so many minutes after a schedule's time.
    ///
    /// # Errors
    /// What is wrong, with the field of an event.
    pub fn ahead_of(scheduled: Timestamp, lead_minutes: i64) -> Result<Self, String> {
        if !(0..=MOST_LEAD_MINUTES).contains(&lead_minutes) {
            return Err(format!(
                "lead_minutes: {lead_minutes} is not from 0 to {MOST_LEAD_MINUTES}"
            ));
        }
        let begin = scheduled.checked_add(SignedDuration::from_mins(lead_minutes));
        begin
            .map(Self::minute_of)
            .map_err(|error| format!("slot: {error}"))
    }

    /// Whether `instant` falls into it.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.begin <= instant && instant < self.end
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn text_keeps_milliseconds_and_their_order(a in 0i64..4_000_000_000_000, b in 0i64..4_000_000_000_000) {
            let [a, b] = [a, b].map(|ms| Timestamp::from_millisecond(ms).expect("in range"));
            prop_assert_eq!(from_text(&to_text(a)).expect("own text"), a);
            prop_assert_eq!(a.cmp(&b), to_text(a).cmp(&to_text(b)));
        }
    }

    #[test]
    fn a_slot_is_the_whole_minute_whatever_the_seconds() {
        let slot = Slot::minute_of("2026-11-24T10:30:43.9Z".parse().expect("a time"));
        assert_eq!(slot.begin.to_string(), "2026-11-24T10:30:00Z");
        assert_eq!(slot.end.to_string(), "2026-11-24T10:31:00Z");
        assert!(slot.contains(slot.begin) && !slot.contains(slot.end));
    }

    #[test]
    fn the_end_of_time_is_a_time() {
        assert_eq!(
            from_text("9999-12-31 23:59:59.999").expect("a time"),
            Timestamp::MAX
        );
        assert!(from_text("0000-00-00 00:00:00").is_err());
        assert_eq!(Slot::minute_of(Timestamp::MAX).end, Timestamp::MAX);
    }

    #[test]
    fn what_is_finer_than_a_millisecond_is_cut_off() {
        let instant: Timestamp = "2026-11-24T10:30:00.9999Z".parse().expect("a time");
        assert_eq!(to_text(instant), "2026-11-24 10:30:00.999");
        assert_eq!(to_text(to_millisecond(instant)), "2026-11-24 10:30:00.999");
    }
}
