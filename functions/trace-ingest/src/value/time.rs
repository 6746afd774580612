use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::Refused;

/// 2000-01-01T00:00:00Z: no phone recorded anything before; an older time is a
/// clock that was never set, or seconds sent as milliseconds.
const EARLIEST_MS: i64 = 946_684_800_000;
/// How far a phone's clock may be ahead of ours: 24 h.
const AHEAD_MS: i64 = 24 * 60 * 60 * 1000;

/// When a request came in. Serialized as RFC 3339 in UTC with milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Received(Timestamp);

/// The device's own time of a trace, to the millisecond. Serialized like
/// [`Received`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordedAt(Timestamp);

impl Received {
    /// A given instant.
    pub fn at(instant: Timestamp) -> Self {
        Self(instant)
    }

    /// A given instant in milliseconds since the epoch, for tests.
    pub fn at_epoch_ms(ms: i64) -> Self {
        Self(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// Milliseconds since the epoch.
    pub fn epoch_ms(self) -> i64 {
        self.0.as_millisecond()
    }
}

impl RecordedAt {
    /// Checks milliseconds since the epoch against when they came in.
    pub fn from_epoch_ms(ms: i64, received: Received) -> Result<Self, Refused> {
        if ms < EARLIEST_MS {
            return Err(Refused::because(
                "must not be before 2000-01-01 (a number is epoch milliseconds)",
            ));
        }
        if ms > received.0.as_millisecond().saturating_add(AHEAD_MS) {
            return Err(Refused::because("must not be more than 24 hours ahead"));
        }
        const RANGE: Refused = Refused::because("is out of range");
        Timestamp::from_millisecond(ms).map(Self).map_err(|_| RANGE)
    }

    /// Checks a number of milliseconds as JSON has it; a fraction is cut off.
    pub fn from_epoch_ms_number(ms: f64, received: Received) -> Result<Self, Refused> {
        // `as` saturates, and the range check refuses both ends.
        Self::from_epoch_ms(ms.floor() as i64, received)
    }

    /// Checks an RFC 3339 time; offsets without a colon, as Overland sends
    /// them, are understood.
    pub fn from_text(text: &str, received: Received) -> Result<Self, Refused> {
        const REASON: Refused =
            Refused::because("must be an RFC 3339 time with an offset, such as 2026-01-26T15:57:02Z");
        let instant: Timestamp = text.parse().map_err(|_| REASON)?;
        Self::from_epoch_ms(instant.as_millisecond(), received)
    }

    /// Milliseconds since the epoch.
    pub fn epoch_ms(self) -> i64 {
        self.0.as_millisecond()
    }
}

impl Serialize for RecordedAt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl Serialize for Received {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-26T16:00:00Z";

    fn received() -> Received {
        Received::at(NOW.parse().expect("a time"))
    }

    fn stored(time: RecordedAt) -> String {
        serde_json::to_value(time)
            .expect("JSON")
            .as_str()
            .expect("text")
            .to_owned()
    }

    #[test]
    fn every_offset_becomes_utc_with_milliseconds() {
        for (text, utc) in [
            ("2026-01-26T15:57:02Z", "2026-01-26T15:57:02.000Z"),
            ("2015-10-01T08:00:00-0700", "2015-10-01T15:00:00.000Z"),
            ("2015-10-01T08:00:00-07:00", "2015-10-01T15:00:00.000Z"),
            ("2026-01-27T00:57:02.123456+09:00", "2026-01-26T15:57:02.123Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000Z"),
        ] {
            let time = RecordedAt::from_text(text, received());
            assert_eq!(time.map(stored).as_deref(), Ok(utc), "{text}");
        }
    }

    #[test]
    fn times_that_cannot_be_are_refused() {
        for text in [
            "",
            "yesterday",
            "2026-01-26",
            "2026-01-26T15:57:02",
            "1999-12-31T23:59:59Z",
            "2026-01-27T16:00:00.001Z",
            "9999-12-31T23:59:59Z",
            "2026-02-30T00:00:00Z",
        ] {
            assert!(RecordedAt::from_text(text, received()).is_err(), "{text}");
        }
        for ms in [0.0, 1_769_443_022.0, -1e300, 1e300, f64::MAX] {
            assert!(RecordedAt::from_epoch_ms_number(ms, received()).is_err(), "{ms}");
        }
    }

    #[test]
    fn a_clock_may_be_a_day_ahead() {
        assert!(RecordedAt::from_text("2026-01-27T16:00:00Z", received()).is_ok());
    }

    #[test]
    fn epoch_milliseconds_keep_their_millisecond() {
        let time = RecordedAt::from_epoch_ms_number(1_769_443_022_123.9, received());
        assert_eq!(time.map(stored).as_deref(), Ok("2026-01-26T15:57:02.123Z"));
    }
}
