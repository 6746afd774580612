//! What the function is asked to do.

use jiff::{SignedDuration, Timestamp};
use lessons::time::Slot;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use shared::event;

use crate::error::WatchError;

/// What an audit looks back on.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// An event, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Watch a slot: `{"slot":"<aws.scheduler.scheduled-time>","lead_minutes":1}`.
    Slot(Slot),
    /// Say how the lessons of a span of time fared, 24 h long:
    /// `{"audit":"<aws.scheduler.scheduled-time>"}`.
    Audit(Slot),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scheduled {
    slot: Timestamp,
    #[serde(default)]
    lead_minutes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Audited {
    audit: Timestamp,
}

impl Event {
    /// Reads a payload.
    ///
    /// # Errors
    /// [`WatchError::Event`], which names the field and shows the two shapes.
    pub fn read(payload: Map<String, Value>) -> Result<Self, WatchError> {
        if payload.contains_key("audit") {
            let Audited { audit } = parse(payload)?;
            let begin = audit.checked_sub(DAY);
            let begin = begin.map_err(|error| wrong(&format!("audit: {error}")))?;
            return Ok(Self::Audit(Slot { begin, end: audit }));
        }
        let Scheduled { slot, lead_minutes } = parse(payload)?;
        let slot = Slot::ahead_of(slot, lead_minutes).map_err(|problem| wrong(&problem))?;
        Ok(Self::Slot(slot))
    }
}

fn parse<T: DeserializeOwned>(payload: Map<String, Value>) -> Result<T, WatchError> {
    event::read(payload).map_err(|problem| wrong(&problem))
}

fn wrong(problem: &str) -> WatchError {
    WatchError::Event(format!(
        "{problem}; an event is {{\"slot\":\"2026-11-24T10:29:00Z\",\"lead_minutes\":1}} or \
         {{\"audit\":\"2026-11-24T00:05:00Z\"}}"
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(payload: Value) -> Result<Event, String> {
        let Value::Object(payload) = payload else {
            panic!("an object")
        };
        Event::read(payload).map_err(|error| error.to_string())
    }

    #[test]
    fn a_slot_is_the_minute_after_the_lead() {
        for (event, begin) in [
            (
                json!({"slot": "2026-11-24T10:29:43Z", "lead_minutes": 1}),
                "2026-11-24T10:30:00Z",
            ),
            (json!({"slot": "2026-11-24T10:29:43Z"}), "2026-11-24T10:29:00Z"),
        ] {
            let Ok(Event::Slot(slot)) = read(event) else {
                panic!("a slot")
            };
            assert_eq!(slot.begin.to_string(), begin);
        }
    }

    #[test]
    fn an_audit_is_the_day_before() {
        let Ok(Event::Audit(span)) = read(json!({"audit": "2026-11-24T00:05:00+00:00"})) else {
            panic!("an audit")
        };
        assert_eq!(span.begin.to_string(), "2026-11-23T00:05:00Z");
        assert_eq!(span.end.to_string(), "2026-11-24T00:05:00Z");
    }

    #[test]
    fn the_samples_are_events() {
        for sample in [
            include_str!("../../../events/schedule-watch.json"),
            include_str!("../../../events/schedule-watch-audit.json"),
        ] {
            let sample = serde_json::from_str(sample).expect("JSON");
            assert!(read(sample).is_ok());
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let slot = "2026-11-24T10:29:00Z";
        for (event, field) in [
            (json!({}), "`slot`"),
            (json!({"slot": "soon"}), "slot: "),
            (json!({"slot": 7}), "slot: "),
            (json!({"slot": slot, "lead_minutes": 15}), "lead_minutes: 15"),
            (json!({"slot": slot, "lead_minutes": -1}), "lead_minutes: -1"),
            (json!({"slot": slot, "lead_minutes": "1"}), "lead_minutes: "),
            (json!({"slot": slot, "led": 1}), "`led`"),
            (json!({"slot": slot, "audit": slot}), "`slot`"),
            (
                json!({"slot": "9999-12-30T22:00:00Z", "lead_minutes": 14}),
                "slot: ",
            ),
            (json!({"audit": "yesterday"}), "audit: "),
            (json!({"audit": "-009999-01-02T01:59:59Z"}), "audit: "),
        ] {
            let error = read(event).expect_err(field);
            assert!(error.contains(field), "{field} in {error}");
            assert!(error.contains("; an event is {\"slot\""), "{error}");
        }
    }
}
