//! What the properties of a schedule hold.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::IgnoredAny;

use super::error::TemplateError;
use super::model::Schedule;
use super::place::Place;
use crate::schedule::Expression;

/// The schedule, unless its `State` switches it off.
pub(super) fn enabled(
    properties: &Place,
    schedule: impl FnOnce() -> Result<Schedule, TemplateError>,
) -> Result<Option<Schedule>, TemplateError> {
    let Some(state) = properties.get("State")? else {
        return schedule().map(Some);
    };
    match state.string()?.as_str() {
        "ENABLED" => schedule().map(Some),
        "DISABLED" => Ok(None),
        _ => Err(state.refused("`ENABLED` or `DISABLED`")),
    }
}

pub(super) fn zone(properties: &Place) -> Result<TimeZone, TemplateError> {
    let Some(place) = properties.get("ScheduleExpressionTimezone")? else {
        return Ok(TimeZone::UTC);
    };
    let zone = TimeZone::get(&place.string()?);
    zone.map_err(|_| place.refused("a time zone such as `Europe/London`"))
}

pub(super) fn expression(place: &Place, zone: &TimeZone) -> Result<(String, Expression), TemplateError> {
    let text = place.string()?;
    match Expression::parse(&text, zone) {
        Ok(expression) => Ok((text, expression)),
        Err(error) => Err(place.refused(error.to_string())),
    }
}

pub(super) fn date(properties: &Place, key: &str) -> Result<Option<Timestamp>, TemplateError> {
    let Some(place) = properties.get(key)? else {
        return Ok(None);
    };
    let date = place.string()?.parse();
    date.map(Some)
        .map_err(|_| place.refused("a time in UTC such as `2030-01-01T01:00:00Z`"))
}

/// EventBridge takes nothing else for a function.
pub(super) fn input(target: &Place) -> Result<Option<String>, TemplateError> {
    let Some(place) = target.get("Input")? else {
        return Ok(None);
    };
    let text = place.string()?;
    match serde_json::from_str::<IgnoredAny>(&text) {
        Ok(_) => Ok(Some(text)),
        Err(_) => {
            Err(place.refused("JSON; attributes such as <aws.scheduler.scheduled-time> stand in quotes"))
        }
    }
}

pub(super) fn window(properties: &Place) -> Result<Duration, TemplateError> {
    let Some(window) = properties.get("FlexibleTimeWindow")? else {
        return Ok(Duration::ZERO);
    };
    let mode = window.require("Mode")?;
    match mode.string()?.as_str() {
        "OFF" => Ok(Duration::ZERO),
        "FLEXIBLE" => {
            let minutes = window.require("MaximumWindowInMinutes")?.integer(1..=1_440)?;
            Ok(Duration::from_secs(60 * u64::from(minutes)))
        }
        _ => Err(mode.refused("`OFF` or `FLEXIBLE`")),
    }
}

/// The number of retries is checked only: every function here takes its event
/// at the first attempt.
pub(super) fn max_age(target: &Place) -> Result<Duration, TemplateError> {
    target.integer_if_any("RetryPolicy.MaximumRetryAttempts", 0..=185)?;
    let seconds = target.integer_or("RetryPolicy.MaximumEventAgeInSeconds", 60..=86_400, 86_400)?;
    Ok(Duration::from_secs(seconds.into()))
}
