use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::value::Location;

/// Something that the rider did.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// What.
    #[serde(rename = "type")]
    pub kind: ActionKind,
    /// With which order: its delivery's id, its pickup's, or the job's.
    pub order_id: u64,
    /// When, in seconds on the scale of the time windows.
    pub time: Time,
    /// Where the rider was.
    pub location: Option<Location>,
    /// The same, in the matrix.
    pub location_index: Option<usize>,
}

/// What a rider does with an order, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// It is the rider's to deliver.
    Assigned,
    /// It is on board.
    PickedUp,
    /// It is gone.
    Delivered,
}

impl ActionKind {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::PickedUp => "picked_up",
            Self::Delivered => "delivered",
        }
    }
}

/// Seconds; as RFC 3339 text, since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Time(pub i64);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Seconds(i64),
    Text(String),
    Other(serde::de::IgnoredAny),
}

impl TryFrom<Written> for Time {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let seconds = match written {
            Written::Seconds(seconds) => Some(seconds),
            Written::Text(text) => text.parse::<Timestamp>().ok().map(Timestamp::as_second),
            Written::Other(_) => None,
        };
        seconds
            .filter(|seconds| seconds.abs_diff(0) <= 1 << 40)
            .map(Self)
            .ok_or("must be whole seconds within 2^40 of 0, or an RFC 3339 time with an offset")
    }
}
