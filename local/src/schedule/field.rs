//! One field of a cron expression, by EventBridge's own rules.
//!
//! Each field is rewritten to numbers and marks that mean the same in every
//! dialect of cron, so that the search after it has nothing left to guess.
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>

use super::error::ExpressionError;

const MONTHS: [&str; 12] = [
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A field's place in the expression.
pub(super) struct Field {
    name: &'static str,
    min: u16,
    max: u16,
    /// From `min` on.
    names: &'static [&'static str],
    /// Those of `/LW#` that it takes; `, - *` go anywhere.
    marks: &'static str,
    /// What is taken off a value: EventBridge's Sunday is 1, cron's is 0.
    offset: u16,
}

pub(super) const MINUTES: Field = Field::plain("minutes", 0, 59);
pub(super) const HOURS: Field = Field::plain("hours", 0, 23);
pub(super) const DAY_OF_MONTH: Field = Field {
    marks: "/LW",
    ..Field::plain("day-of-month", 1, 31)
};
pub(super) const MONTH: Field = Field {
    names: &MONTHS,
    ..Field::plain("month", 1, 12)
};
pub(super) const DAY_OF_WEEK: Field = Field {
    names: &DAYS,
    marks: "L#",
    offset: 1,
    ..Field::plain("day-of-week", 1, 7)
};
pub(super) const YEAR: Field = Field::plain("year", 1970, 2199);

impl Field {
    const fn plain(name: &'static str, min: u16, max: u16) -> Self {
        Self {
            name,
            min,
            max,
            names: &[],
            marks: "/",
            offset: 0,
        }
    }

    /// The field in numbers that count from 0 on Sunday.
    pub(super) fn rewrite(&self, text: &str) -> Result<String, ExpressionError> {
        let wrong = || ExpressionError::Field {
            expected: self.expected(),
            found: text.to_owned(),
        };
        // A mark that depends on the month stands alone: two of them, or one in
        // a list, is more than EventBridge takes.
        if let Some(alone) = self.marked(text) {
            return Ok(alone);
        }
        let parts = text.split(',').map(|part| self.part(part));
        let parts: Option<Vec<String>> = parts.collect();
        Ok(parts.ok_or_else(wrong)?.join(","))
    }

    /// `L`, `LW`, `15W`, `6L` and `3#2`.
    fn marked(&self, text: &str) -> Option<String> {
        let takes = |mark| self.marks.contains(mark);
        let days = self.offset == 1;
        match text {
            // The last day of the week is Saturday.
            "L" if takes('L') && days => return Some("6".into()),
            "L" if takes('L') => return Some(text.into()),
            "LW" if takes('W') => return Some(text.into()),
            _ => {}
        }
        if let Some(day) = text.strip_suffix('W').filter(|_| takes('W')) {
            return Some(format!("{}W", self.value(day)?));
        }
        if let Some(day) = text.strip_suffix('L').filter(|_| takes('L') && days) {
            return Some(format!("{}#L", self.value(day)?));
        }
        let (day, which) = text.split_once('#').filter(|_| takes('#'))?;
        let which: u8 = which.parse().ok().filter(|which| (1..=5).contains(which))?;
        Some(format!("{}#{which}", self.value(day)?))
    }

    /// `*`, `5`, `1-5`, and each with `/2` behind it.
    fn part(&self, part: &str) -> Option<String> {
        let (range, step) = match part.split_once('/').filter(|_| self.marks.contains('/')) {
            Some((range, step)) => (
                range,
                Some(number(step).filter(|step| (1..=self.max).contains(step))?),
            ),
            None => (part, None),
        };
        let (first, last) = match (range, range.split_once('-')) {
            ("*", _) => (self.min - self.offset, self.max - self.offset),
            (_, Some((first, last))) => (self.value(first)?, self.value(last)?),
            (_, None) if step.is_some() => (self.value(range)?, self.max - self.offset),
            (_, None) => return self.value(range).map(|value| value.to_string()),
        };
        match step {
            _ if first > last => None,
            None if range == "*" => Some("*".into()),
            None => Some(format!("{first}-{last}")),
            Some(step) => Some(format!("{first}-{last}/{step}")),
        }
    }

    fn value(&self, text: &str) -> Option<u16> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let value = match named {
            Some(position) => u16::try_from(position).ok()? + self.min,
            None => number(text).filter(|value| (self.min..=self.max).contains(value))?,
        };
        Some(value - self.offset)
    }

    fn expected(&self) -> String {
        let Self { name, min, max, .. } = self;
        let names = match self.names {
            [first, .., last] => format!(" or {first} to {last}"),
            _ => String::new(),
        };
        let marks: Vec<String> = ", - *"
            .split(' ')
            .map(str::to_owned)
            .chain(self.marks.chars().map(String::from))
            .collect();
        format!("{name} from {min} to {max}{names}, with {}", marks.join(" "))
    }
}

/// Digits only: no sign, no spaces.
fn number(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
