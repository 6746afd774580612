//! Values that cannot hold what a trace must not hold.

mod id;
mod measure;
mod position;
mod time;

pub use id::{AgentId, TraceId};
pub use measure::{BatteryPct, HeadingDeg, NonNegative};
pub use position::{Latitude, Longitude};
pub use time::{Received, RecordedAt};

use std::borrow::Cow;

/// Why a value was refused, in words for the person who wrote the client. Never
/// contains the value itself.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone)]
#[error("{0}")]
pub struct Refused(pub Cow<'static, str>);

impl Refused {
    /// A fixed reason.
    pub const fn because(reason: &'static str) -> Self {
        Self(Cow::Borrowed(reason))
    }
}
