use serde::Serialize;
use shared::id;
use uuid::{Uuid, uuid};

use super::{Latitude, Longitude, RecordedAt, Refused};

/// The namespace of trace ids that are made here (UUID version 5).
const TRACE_NAMESPACE: Uuid = uuid!("6f1d3b0a-94a5-5c1e-8d6b-2f8f7f0c9a41");

/// Who was where: a rider, a vehicle, a phone.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct AgentId(String);

/// What makes a trace the same trace when it is sent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TraceId(String);

impl AgentId {
    /// Checks `id` by the rules of [`id::checked`].
    pub fn new(id: impl Into<String>) -> Result<Self, Refused> {
        id::checked(id.into()).map(Self).map_err(Refused::because)
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TraceId {
    /// Checks an id that the client chose, by the rules of [`AgentId::new`].
    pub fn new(id: impl Into<String>) -> Result<Self, Refused> {
        id::checked(id.into()).map(Self).map_err(Refused::because)
    }

    /// The id of a trace that came without one: a UUIDv5 of agent, time and
    /// position, so that a resend is the same trace.
    pub fn derive(agent: &AgentId, at: RecordedAt, lat: Latitude, lon: Longitude) -> Self {
        // A line feed cannot occur in an agent id, so no two traces share a name.
        let name = format!(
            "{}\n{}\n{}\n{}",
            agent.0,
            at.epoch_ms(),
            lat.degrees(),
            lon.degrees()
        );
        Self(Uuid::new_v5(&TRACE_NAMESPACE, name.as_bytes()).to_string())
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_of_every_script_are_kept_as_they_are() {
        for id in [
            "a",
            "rider-7",
            "라이더 7",
            "🛵",
            "👨‍👩‍👧",
            "jane/phone",
            &"가".repeat(128),
        ] {
            assert_eq!(AgentId::new(id).expect(id).as_str(), id);
        }
    }

    #[test]
    fn ids_that_would_break_a_line_a_log_or_a_key_are_refused() {
        for id in [
            "",
            " ",
            "a ",
            "\ta",
            "a\0b",
            "a\nb",
            "a\u{7f}",
            "a\u{2028}b",
            "a\u{ffff}b",
            &"가".repeat(129),
        ] {
            assert!(AgentId::new(id).is_err(), "{id:?}");
        }
    }

    fn trace_id(agent: &str, ms: i64, lat: f64, lon: f64) -> TraceId {
        let agent = AgentId::new(agent).expect("an id");
        let at = RecordedAt::from_epoch_ms(ms, super::super::Received::at_epoch_ms(ms)).expect("in range");
        TraceId::derive(
            &agent,
            at,
            Latitude::new(lat).expect("lat"),
            Longitude::new(lon).expect("lon"),
        )
    }

    #[test]
    fn a_derived_id_is_what_any_uuid_library_makes_of_it() {
        let id = trace_id("rider-7", 1_769_443_022_000, 53.44451, -2.925173);
        assert_eq!(id.as_str(), "5b7e031c-143d-5792-a3f5-f19065a1a4d5");
    }

    proptest! {
        #[test]
        fn a_derived_id_tells_agents_times_and_places_apart(
            ms in 1_000_000_000_000i64..2_000_000_000_000, lat in -90.0..90.0f64, lon in -180.0..180.0f64,
        ) {
            let id = trace_id("a", ms, lat, lon);
            prop_assert_eq!(&id, &trace_id("a", ms, lat, lon));
            prop_assert_ne!(&id, &trace_id("b", ms, lat, lon));
            prop_assert_ne!(&id, &trace_id("a", ms + 1, lat, lon));
            prop_assert_ne!(&id, &trace_id("a", ms, lat / 2.0 + 0.1, lon));
        }

        #[test]
        fn what_is_kept_is_what_was_given(id in "\\PC{0,200}") {
            if let Ok(kept) = AgentId::new(id.clone()) {
                prop_assert_eq!(kept.as_str(), id);
            }
        }
    }
}
