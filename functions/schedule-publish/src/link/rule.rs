//! A setting that makes sense, and the instants that it gives.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};
use lessons::store::Setting;
use lessons::time::Slot;

/// A setting, checked.
#[derive(Debug, Clone)]
pub struct Rule {
    id: i64,
    weekday: Weekday,
    time: Time,
    weeks_ahead: i64,
    zone: TimeZone,
}

/// What makes no sense in a setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("auto_publish_setting {id}: {field}: {problem}")]
pub struct Wrong {
    /// Its id.
    pub id: i64,
    /// The column.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl Rule {
    /// Checks a setting.
    ///
    /// # Errors
    /// Names the setting and the column.
    pub fn of(setting: &Setting) -> Result<Self, Wrong> {
        let wrong = |field, problem: String| Wrong {
            id: setting.id,
            field,
            problem,
        };
        let weekday = i8::try_from(setting.weekday)
            .ok()
            .and_then(|day| Weekday::from_monday_one_offset(day).ok())
            .ok_or_else(|| wrong("weekday", format!("{} is not from 1 to 7", setting.weekday)))?;
        let time: Time = setting
            .publish_time
            .parse()
            .map_err(|_| wrong("publish_time", format!("`{}` is no time", setting.publish_time)))?;
        if !(0..=520).contains(&setting.weeks_ahead) {
            let problem = format!("{} is not from 0 to 520", setting.weeks_ahead);
            return Err(wrong("weeks_ahead", problem));
        }
        let zone = TimeZone::get(&setting.time_zone)
            .map_err(|_| wrong("time_zone", format!("`{}` is no IANA name", setting.time_zone)))?;
        Ok(Self {
            id: setting.id,
            weekday,
            time,
            weeks_ahead: setting.weeks_ahead,
            zone,
        })
    }

    /// Sorts by which of two opens the same lessons first.
    pub fn order(&self) -> (i64, i8, Time, i64) {
        let weekday = self.weekday.to_monday_one_offset();
        (-self.weeks_ahead, weekday, self.time, self.id)
    }

    /// The Monday of the week in which a lesson starts, where the centre is.
    pub fn week_of(&self, starts_at: Timestamp) -> Date {
        monday(self.zone.to_datetime(starts_at).date())
    }

    /// From that Monday's first instant to the next one's. `None` at the end of
    /// time, as for the others.
    pub fn span(&self, week: Date) -> Option<Slot> {
        let first = |date: Date| date.to_zoned(self.zone.clone()).ok();
        Some(Slot {
            begin: first(week)?.timestamp(),
            end: first(week.checked_add(1.week()).ok()?)?.timestamp(),
        })
    }

    /// When the lessons of that week open.
    pub fn opening(&self, week: Date) -> Option<Timestamp> {
        let days = i64::from(self.weekday.to_monday_zero_offset()) - 7 * self.weeks_ahead;
        let date = week.checked_add(Span::new().days(days)).ok()?;
        let wall = DateTime::from_parts(date, self.time);
        self.zone.to_ambiguous_timestamp(wall).compatible().ok()
    }

    /// The weeks whose lessons open in `slot`.
    pub fn weeks_opening_in(&self, slot: Slot) -> Vec<Date> {
        let today = self.zone.to_datetime(slot.begin).date();
        // A change of the clocks can move an opening over midnight.
        let days = [-1, 0, 1].map(|days: i64| today.checked_add(days.days()));
        let weeks = days.into_iter().flatten().filter_map(|date| {
            let lessons = monday(date).checked_add(self.weeks_ahead.weeks()).ok()?;
            self.opening(lessons)
                .filter(|opening| slot.contains(*opening))
                .map(|_| lessons)
        });
        let mut weeks: Vec<Date> = weeks.collect();
        weeks.dedup();
        weeks
    }
}

/// The Monday on or before `date`.
fn monday(date: Date) -> Date {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    // Year -9999 begins with a Monday.
    date.checked_sub(back.days()).unwrap_or(date)
}

#[cfg(test)]
mod tests;
