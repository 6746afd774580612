//! What a schedule gives its function.
//! <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html>

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use crate::template::{Schedule, ScheduleKind};

/// What ARNs are made of.
#[derive(Debug, Clone)]
pub struct Names {
    /// Twelve digits.
    pub account_id: String,
    /// For example `eu-central-1`.
    pub region: String,
}

impl Names {
    fn arn(&self, schedule: &Schedule) -> String {
        let (Self { account_id, region }, name) = (self, &schedule.name);
        match &schedule.kind {
            ScheduleKind::Scheduler { group } => {
                format!("arn:aws:scheduler:{region}:{account_id}:schedule/{group}/{name}")
            }
            ScheduleKind::Rule => format!("arn:aws:events:{region}:{account_id}:rule/{name}"),
        }
    }
}

/// The event of one trigger. Every trigger is an attempt of its own, and the
/// first: a function here takes whatever it is given.
pub(super) fn payload(schedule: &Schedule, names: &Names, slot: Timestamp) -> Bytes {
    let (arn, time) = (
        names.arn(schedule),
        slot.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    );
    let text = match (&schedule.input, &schedule.kind) {
        // A rule's input has no attributes.
        (Some(input), ScheduleKind::Rule) => input.clone(),
        (Some(input), ScheduleKind::Scheduler { .. }) => {
            let execution = format!("{:016x}", rand::random::<u64>());
            [
                ("schedule-arn", arn.as_str()),
                ("scheduled-time", time.as_str()),
                ("execution-id", execution.as_str()),
                ("attempt-number", "1"),
            ]
            .into_iter()
            .fold(input.clone(), |input, (name, value)| {
                input.replace(&format!("<aws.scheduler.{name}>"), value)
            })
        }
        (None, kind) => {
            // The Scheduler's detail is a string, a rule's is a map.
            let (source, detail) = match kind {
                ScheduleKind::Scheduler { .. } => ("aws.scheduler", json!("{}")),
                ScheduleKind::Rule => ("aws.events", json!({})),
            };
            json!({
                "version": "0",
                "id": Uuid::new_v4().to_string(),
                "detail-type": "Scheduled Event",
                "source": source,
                "account": names.account_id,
                "time": time,
                "region": names.region,
                "resources": [arn],
                "detail": detail,
            })
            .to_string()
        }
    };
    text.into()
}
