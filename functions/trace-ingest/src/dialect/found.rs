use super::Sender;
use crate::{
    json::Extra,
    trace::{Details, Position, Source, Trace},
    value::{AgentId, Latitude, Longitude, RecordedAt, TraceId},
};

/// What a dialect finds in an item. The rest of a trace is the request's.
pub(super) struct Found {
    /// The client's own, where it sent one.
    pub trace_id: Option<TraceId>,
    pub agent_id: AgentId,
    pub recorded_at: RecordedAt,
    pub lat: Latitude,
    pub lon: Longitude,
    pub details: Details,
    pub extra: Extra,
}

impl Found {
    pub(super) fn into_trace(self, source: Source, sender: &Sender) -> Trace {
        let Self {
            trace_id,
            agent_id,
            recorded_at,
            lat,
            lon,
            details,
            extra,
        } = self;
        let derived = || TraceId::derive(&agent_id, recorded_at, lat, lon);
        let trace_id = trace_id.unwrap_or_else(derived);
        let received_at = sender.received;
        let position = Position {
            trace_id,
            agent_id,
            recorded_at,
            received_at,
            lat,
            lon,
            details,
        };
        let key_id = sender.key_id.clone();
        Trace {
            position,
            source,
            key_id,
            extra,
        }
    }
}
