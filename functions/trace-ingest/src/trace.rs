//! A trace as it is stored.

use serde::Serialize;

use crate::{
    json::Extra,
    value::{
        AgentId, BatteryPct, HeadingDeg, Latitude, Longitude, NonNegative, Received, RecordedAt, TraceId,
    },
};

/// One position of one agent and where it came from. Serialized it is one line
/// of NDJSON; fields that are absent are left out.
#[derive(Debug, Serialize)]
pub struct Trace {
    /// What live readers see too.
    #[serde(flatten)]
    pub position: Position,
    /// The dialect that it came in.
    pub source: Source,
    /// The id of the API key that it came with.
    pub key_id: String,
    /// Fields that the dialect does not know.
    #[serde(skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// Who was where, and when.
#[derive(Debug, Clone, Serialize)]
pub struct Position {
    /// The client's, else derived.
    pub trace_id: TraceId,
    /// Who.
    pub agent_id: AgentId,
    /// The device's time.
    pub recorded_at: RecordedAt,
    /// Our time.
    pub received_at: Received,
    /// As sent, not rounded.
    pub lat: Latitude,
    /// As sent, not rounded.
    pub lon: Longitude,
    /// The rest of what a dialect understands.
    #[serde(flatten)]
    pub details: Details,
}

/// What a device may know beside where it is.
#[derive(Debug, Clone, Default, Serialize, PartialEq)]
pub struct Details {
    /// Radius of horizontal accuracy in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<NonNegative>,
    /// Metres above sea level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub altitude_m: Option<f64>,
    /// Accuracy of the altitude in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vertical_accuracy_m: Option<NonNegative>,
    /// Metres per second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed_mps: Option<NonNegative>,
    /// Degrees clockwise from north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading_deg: Option<HeadingDeg>,
    /// 0 to 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub battery_pct: Option<BatteryPct>,
}

/// The dialect of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Punctual's own.
    Native,
    /// OwnTracks in HTTP mode.
    Owntracks,
    /// Overland and what speaks its format.
    Overland,
}
