//! Schedules of EventBridge, written as a function's event or as a resource of
//! their own.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::error::TemplateError;
use super::model::{Schedule, ScheduleKind};
use super::notes::Notes;
use super::place::Place;
use super::schedule_values::{date, enabled, expression, input, max_age, window, zone};
use crate::schedule::{Expression, Times};

/// Of an event and a resource.
const READ: [&str; 8] = [
    "EndDate",
    "FlexibleTimeWindow",
    "GroupName",
    "Name",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartDate",
    "State",
];
const READ_OF_EVENT: [&str; 3] = ["Input", "OmitName", "RetryPolicy"];
const READ_OF_TARGET: [&str; 3] = ["Arn", "Input", "RetryPolicy"];
const READ_OF_RULE: [&str; 6] = ["Enabled", "Input", "Name", "RetryPolicy", "Schedule", "State"];
/// How it is described and encrypted, and what becomes of it at its end.
const HARMLESS: [&str; 3] = ["ActionAfterCompletion", "Description", "KmsKeyArn"];
/// Rights, and where events go that their target does not take: every function
/// here does.
const HARMLESS_OF_TARGET: [&str; 3] = ["DeadLetterConfig", "PermissionsBoundary", "RoleArn"];

/// An event of type `ScheduleV2`. `None` if it is switched off.
pub(super) fn event(
    name: String,
    properties: &Place,
    notes: &mut Notes,
) -> Result<Option<Schedule>, TemplateError> {
    let read = [&READ[..], &READ_OF_EVENT].concat();
    notes.others(properties, &read, &[HARMLESS, HARMLESS_OF_TARGET].concat());
    scheduler(name, properties, properties)
}

/// `AWS::Scheduler::Schedule` with the function that it is for. `None` if it is
/// switched off, or for something else than a function.
pub(super) fn resource<'a>(
    name: String,
    properties: &Place<'a>,
    notes: &mut Notes,
) -> Result<Option<(Place<'a>, Schedule)>, TemplateError> {
    let target = properties.require("Target")?;
    let function = target.require("Arn")?;
    let arn = function.string()?;
    if !arn.contains(":lambda:") {
        notes.schedule(properties, &arn);
        return Ok(None);
    }
    properties.require("FlexibleTimeWindow")?;
    notes.others(properties, &[&READ[..], &["Target"]].concat(), &HARMLESS);
    notes.others(&target, &READ_OF_TARGET, &HARMLESS_OF_TARGET);
    let schedule = scheduler(name, properties, &target)?;
    Ok(schedule.map(|schedule| (function, schedule)))
}

/// An event of type `Schedule`, a rule of the older kind.
pub(super) fn rule(
    name: String,
    properties: &Place,
    notes: &mut Notes,
) -> Result<Option<Schedule>, TemplateError> {
    if let Some(enabled) = properties.get("Enabled")?
        && !enabled.boolean()?
    {
        return Ok(None);
    }
    notes.others(
        properties,
        &READ_OF_RULE,
        &[HARMLESS, HARMLESS_OF_TARGET].concat(),
    );
    let place = properties.require("Schedule")?;
    let (text, expression) = expression(&place, &TimeZone::UTC)?;
    if matches!(expression, Expression::At(_)) {
        return Err(place.refused("rate(…) or cron(…); what happens once is an event of type ScheduleV2"));
    }
    let times = Times {
        text,
        expression,
        zone: TimeZone::UTC,
        start: None,
        end: None,
    };
    enabled(properties, || {
        Ok(Schedule {
            name: properties.string_if_any("Name")?.unwrap_or(name),
            kind: ScheduleKind::Rule,
            times,
            input: input(properties)?,
            window: Duration::ZERO,
            max_age: max_age(properties)?,
        })
    })
}

/// Limits and defaults are those of the Scheduler's `CreateSchedule`. `target`
/// is where the resource keeps what SAM has among the event's properties.
fn scheduler(name: String, properties: &Place, target: &Place) -> Result<Option<Schedule>, TemplateError> {
    let zone = zone(properties)?;
    let (text, expression) = expression(&properties.require("ScheduleExpression")?, &zone)?;
    let times = Times {
        text,
        expression,
        zone,
        start: date(properties, "StartDate")?,
        end: date(properties, "EndDate")?,
    };
    enabled(properties, || {
        Ok(Schedule {
            name: properties.string_if_any("Name")?.unwrap_or(name),
            kind: ScheduleKind::Scheduler {
                group: properties
                    .string_if_any("GroupName")?
                    .unwrap_or_else(|| "default".into()),
            },
            times,
            input: input(target)?,
            window: window(properties)?,
            max_age: max_age(target)?,
        })
    })
}
