//! `rate(…)`, `cron(…)` and `at(…)`.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::cron::{Cron, instant};
use super::error::ExpressionError;

/// When a schedule happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// Again and again after as long. A day is 24 hours, whatever the clocks do.
    Rate(SignedDuration),
    /// At times of a calendar.
    Cron(Cron),
    /// Once.
    At(Timestamp),
}

impl Expression {
    /// Reads one; its times are those that the clocks of `zone` show.
    ///
    /// # Errors
    /// What was expected instead.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Self, ExpressionError> {
        let inner = |kind: &str| {
            let rest = text.trim().strip_prefix(kind)?.strip_prefix('(')?;
            rest.strip_suffix(')').map(str::trim)
        };
        if let Some(rate) = inner("rate") {
            return period(rate).map(Self::Rate).ok_or(ExpressionError::Rate);
        }
        if let Some(fields) = inner("cron") {
            return Cron::parse(fields).map(Self::Cron);
        }
        let at = inner("at").ok_or(ExpressionError::Kind)?;
        let wall = DateTime::strptime("%Y-%m-%dT%H:%M:%S", at).map_err(|_| ExpressionError::At)?;
        let skipped = || ExpressionError::Skipped(zone.iana_name().unwrap_or("UTC").to_owned());
        instant(wall, zone).map(Self::At).ok_or_else(skipped)
    }

    /// The first time after `after`, in a schedule that began at `began`.
    pub(super) fn next(&self, after: Timestamp, began: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::At(once) => (*once > after).then_some(*once),
            Self::Cron(cron) => cron.next(after, zone),
            Self::Rate(_) if after < began => Some(began),
            Self::Rate(period) => {
                let passed = after.duration_since(began).as_secs() / period.as_secs();
                let periods = i32::try_from(passed + 1).ok()?;
                began.checked_add(period.checked_mul(periods)?).ok()
            }
        }
    }
}

fn period(text: &str) -> Option<SignedDuration> {
    let mut words = text.split_whitespace();
    let (value, unit) = (words.next()?, words.next()?);
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let value: u32 = value.parse().ok().filter(|value| *value > 0 && digits)?;
    let seconds = match unit {
        "minute" | "minutes" => 60,
        "hour" | "hours" => 3_600,
        "day" | "days" => 86_400,
        _ => return None,
    };
    (words.next().is_none()).then(|| SignedDuration::from_secs(i64::from(value) * seconds))
}
