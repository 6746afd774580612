//! When lessons open, as it is written on the command line.

use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use lessons::time::{Slot, to_millisecond};

/// What has to be left until the minute at least.
const LEAD: SignedDuration = SignedDuration::from_secs(5);
/// Lessons that are written in a second, on a slow disk.
const WRITTEN_PER_SECOND: u64 = 10_000;

/// An instant for lessons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    /// The next minute that there is time for.
    NextMinute,
    /// This instant.
    Instant(Timestamp),
}

impl At {
    /// As an instant, for this many lessons that are written from now on.
    pub fn resolve(self, now: Timestamp, rows: u64) -> Timestamp {
        match self {
            Self::Instant(instant) => instant,
            Self::NextMinute => {
                let writing = i64::try_from(rows / WRITTEN_PER_SECOND).unwrap_or(i64::MAX);
                let ready = LEAD.saturating_add(SignedDuration::from_secs(writing));
                Slot::minute_of(now.saturating_add(ready).unwrap_or(now)).end
            }
        }
    }
}

impl FromStr for At {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "next-minute" {
            return Ok(Self::NextMinute);
        }
        let instant: Timestamp = text.parse().map_err(|_| {
            "expected a time such as 2026-11-24T10:30:00Z, with its offset, or next-minute".to_owned()
        })?;
        // With years to spare on both sides for the lessons around it.
        match (2000..3000).contains(&instant.to_zoned(TimeZone::UTC).year()) {
            true => Ok(Self::Instant(to_millisecond(instant))),
            false => Err("expected a time from the years 2000 to 2999".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(now: &str, rows: u64) -> String {
        let now = now.parse().expect("a time");
        At::NextMinute.resolve(now, rows).to_string()
    }

    #[test]
    fn the_next_minute_is_one_that_there_is_time_for() {
        assert_eq!(resolved("2026-11-24T10:30:54.9Z", 10), "2026-11-24T10:31:00Z");
        assert_eq!(resolved("2026-11-24T10:30:55Z", 10), "2026-11-24T10:32:00Z");
        assert_eq!(
            resolved("2026-11-24T10:30:00Z", 1_000_000),
            "2026-11-24T10:32:00Z"
        );
    }

    #[test]
    fn an_instant_is_taken_to_the_millisecond() {
        let at: At = "2026-11-24T11:30:00.1239+01:00".parse().expect("a time");
        let expected = "2026-11-24T10:30:00.123Z".parse().expect("a time");
        assert_eq!(at.resolve(Timestamp::now(), 1), expected);
        for wrong in [
            "soon",
            "2026-11-24 10:30",
            "1999-12-31T23:59:59Z",
            "9999-01-01T00:00:00Z",
        ] {
            assert!(wrong.parse::<At>().is_err(), "{wrong}");
        }
    }
}
