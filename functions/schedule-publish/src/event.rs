//! What the function is asked to do.

use jiff::Timestamp;
use lessons::time::Slot;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use shared::event;

use crate::error::PublishError;

/// An event, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Publish a slot: `{"slot":"<aws.scheduler.scheduled-time>","lead_minutes":3}`.
    Slot(Slot),
    /// Publish what should have opened in a span of time.
    Replay(Replay),
}

/// `{"replay":{"from":…,"to":…,"reason":…}}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    /// First instant.
    pub from: Timestamp,
    /// First instant that is not in it any more.
    pub to: Timestamp,
    /// Why, for the record.
    pub reason: String,
    /// Who asks, for the record; without it, the invocation's id.
    #[serde(default)]
    pub by: Option<String>,
    /// Only say what would be opened.
    #[serde(default)]
    pub dry_run: bool,
}

/// The shape of a schedule's input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scheduled {
    slot: Timestamp,
    lead_minutes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replayed {
    replay: Replay,
}

impl Event {
    /// Reads a payload.
    ///
    /// # Errors
    /// [`PublishError::Event`], which names the field and shows the two shapes.
    pub fn read(payload: Map<String, Value>) -> Result<Self, PublishError> {
        if payload.contains_key("replay") {
            let Replayed { replay } = parse(payload)?;
            return replay.checked().map(Self::Replay);
        }
        let Scheduled { slot, lead_minutes } = parse(payload)?;
        let slot = Slot::ahead_of(slot, lead_minutes).map_err(|problem| wrong(&problem))?;
        Ok(Self::Slot(slot))
    }
}

impl Replay {
    /// What it covers.
    pub fn span(&self) -> Slot {
        Slot {
            begin: self.from,
            end: self.to,
        }
    }

    fn checked(self) -> Result<Self, PublishError> {
        const LONGEST_REASON: usize = 1_000;
        const LONGEST_NAME: usize = 128;
        if self.from >= self.to {
            return Err(wrong("replay.to: is not after replay.from"));
        }
        if self.reason.trim().is_empty() || self.reason.chars().count() > LONGEST_REASON {
            return Err(wrong("replay.reason: say why, in at most 1,000 characters"));
        }
        let name = self.by.as_deref().unwrap_or("-");
        if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(wrong("replay.by: is empty or has more than 128 characters"));
        }
        Ok(self)
    }
}

fn parse<T: DeserializeOwned>(payload: Map<String, Value>) -> Result<T, PublishError> {
    event::read(payload).map_err(|problem| wrong(&problem))
}

fn wrong(problem: &str) -> PublishError {
    PublishError::Event(format!(
        "{problem}; an event is {{\"slot\":\"2026-11-24T10:27:00Z\",\"lead_minutes\":3}} or \
         {{\"replay\":{{\"from\":\"2026-11-24T10:30:00Z\",\"to\":\"2026-11-24T10:45:00Z\",\"reason\":\"…\",\
         \"by\":\"…\",\"dry_run\":false}}}}"
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
        for second in ["00", "43"] {
            let event = json!({"slot": format!("2026-11-24T10:27:{second}Z"), "lead_minutes": 3});
            let Ok(Event::Slot(slot)) = read(event) else {
                panic!("a slot")
            };
            assert_eq!(slot.begin.to_string(), "2026-11-24T10:30:00Z");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (event, field) in [
            (json!({}), "slot"),
            (json!({"slot": "2026-11-24T10:27:00Z"}), "lead_minutes"),
            (json!({"slot": "soon", "lead_minutes": 3}), "slot: "),
            (
                json!({"slot": "2026-11-24T10:27:00Z", "lead_minutes": 15}),
                "lead_minutes",
            ),
            (
                json!({"slot": "2026-11-24T10:27:00Z", "lead_minutes": -1}),
                "lead_minutes",
            ),
            (
                json!({"slot": "2026-11-24T10:27:00Z", "lead_minutes": 3, "led": 1}),
                "led",
            ),
            (
                json!({"replay": {"from": "2026-11-24T10:30:00Z", "to": "2026-11-24T10:31:00Z"}}),
                "reason",
            ),
            (
                json!({"replay": {"from": "2026-11-24T10:30:00Z", "to": "2026-11-24T10:30:00Z", "reason": "x"}}),
                "replay.to",
            ),
            (
                json!({"replay": {"from": "2026-11-24T10:30:00Z", "to": "2026-11-24T10:31:00Z", "reason": " "}}),
                "replay.reason",
            ),
            (
                json!({"replay": {"from": "2026-11-24T10:30:00Z", "to": "2026-11-24T10:31:00Z", "reason": "x", "by": ""}}),
                "replay.by",
            ),
        ] {
            let error = read(event).expect_err(field);
            assert!(error.contains(field), "{error}");
            assert!(error.contains("an event is"), "{error}");
        }
    }

    #[test]
    fn a_replay_is_read_whole() {
        let event = json!({"replay": {
            "from": "2026-11-24T10:30:00Z", "to": "2026-11-24T10:31:00+00:00", "reason": "r", "by": "b", "dry_run": true
        }});
        let Ok(Event::Replay(replay)) = read(event) else {
            panic!("a replay")
        };
        assert_eq!(
            (replay.reason.as_str(), replay.by.as_deref(), replay.dry_run),
            ("r", Some("b"), true)
        );
        assert_eq!(replay.span(), Slot::minute_of(replay.from));
    }
}
