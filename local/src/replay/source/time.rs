use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;

/// Above this, a number is milliseconds: seconds reach it in the year 5138.
const SECONDS_END: f64 = 1e11;

/// Epoch milliseconds of a time as recorders write it: RFC 3339, without an
/// offset (then UTC), or as a number of seconds or milliseconds.
pub(super) fn epoch_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        let ms = if number.abs() < SECONDS_END {
            number * 1e3
        } else {
            number
        };
        return number.is_finite().then_some(ms as i64);
    }
    let instant = text.parse::<Timestamp>().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        Some(local.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })?;
    Some(instant.as_millisecond())
}

/// The same of a JSON value, where a number is milliseconds as in a native trace.
pub(super) fn of_value(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::String(text) => epoch_ms(text),
        Value::Number(number) => Some(number.as_f64()? as i64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_way_to_write_a_time_is_understood() {
        for text in [
            "2026-01-26T15:57:02Z",
            "2026-01-26 15:57:02",
            "2026-01-26T16:57:02+01:00",
            "1769443022",
            "1769443022000",
            " 1769443022.0 ",
        ] {
            assert_eq!(epoch_ms(text), Some(1_769_443_022_000), "{text}");
        }
        for text in ["", "26/01/2026", "NaN", "inf"] {
            assert_eq!(epoch_ms(text), None, "{text}");
        }
    }
}
