//! Numbers and times as people say them.

use jiff::{SignedDuration, Timestamp};

pub(super) fn lessons(count: i64) -> String {
    match count {
        1 => "1 lesson".to_owned(),
        count => format!("{count} lessons"),
    }
}

pub(super) fn minute(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

pub(super) fn ms(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// As people say it: `5.2 s`, `2 min 5 s`, `3 h 20 min`.
pub(super) fn duration(ms: i64) -> String {
    let ms = ms.max(0);
    let seconds = ms / 1_000;
    match seconds {
        0..60 => format!("{seconds}.{} s", ms % 1_000 / 100),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_as_people_say_them() {
        for (ms, said) in [
            (-5, "0.0 s"),
            (5_249, "5.2 s"),
            (59_999, "59.9 s"),
            (60_000, "1 min 0 s"),
            (3_599_999, "59 min 59 s"),
            (12_000_000, "3 h 20 min"),
        ] {
            assert_eq!(duration(ms), said);
        }
    }
}
