//! What clients speak, told apart by the shape of the body.

mod batch;
mod field;
mod native;
mod overland;
mod owntracks;

pub use batch::{Batch, Rejected};

use lambda_http::http::HeaderMap;
use serde_json::value::RawValue;

use crate::{error::IngestError, json::Fields, trace::Source, value::Received};

/// Most traces in one request: ten times what Overland sends at its largest
/// setting.
pub const MAX_TRACES: usize = 10_000;

/// What a dialect needs to know beside the body.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The id of the key that the request came with.
    pub key_id: String,
    /// When it came in.
    pub received: Received,
    /// `X-Limit-U`: OwnTracks' user.
    pub user: Option<String>,
    /// `X-Limit-D`: OwnTracks' device.
    pub device: Option<String>,
}

impl Envelope {
    /// Reads what a dialect needs from the request's headers.
    pub fn new(key_id: String, received: Received, headers: &HeaderMap) -> Self {
        let text = |name| Some(headers.get(name)?.to_str().ok()?.trim().to_owned());
        let named = |name| text(name).filter(|value: &String| !value.is_empty());
        let (user, device) = (named("x-limit-u"), named("x-limit-d"));
        Self {
            key_id,
            received,
            user,
            device,
        }
    }
}

/// Turns a body into the traces in it, whatever dialect it is in.
pub fn parse(body: &[u8], envelope: &Envelope) -> Result<Batch, IngestError> {
    let text = std::str::from_utf8(body).map_err(|_| IngestError::NotJson("it is not UTF-8".into()))?;
    let text = text.trim_ascii();
    if text.is_empty() {
        // OwnTracks posts an empty body when a friend is removed in the app.
        return Ok(Batch::empty(Source::Owntracks));
    }
    if text.starts_with('[') {
        return native::many(items(text)?, envelope);
    }
    let body: &RawValue = serde_json::from_str(text).map_err(IngestError::not_json)?;
    let mut fields = Fields::of(body).map_err(|reason| IngestError::NotJson(reason.to_string()))?;
    if fields.has("_type") {
        return Ok(owntracks::one(fields, envelope));
    }
    if let Some(locations) = fields.take_raw("locations") {
        return overland::many(items(locations.get())?, envelope);
    }
    if let Some(traces) = fields.take_raw("traces") {
        return native::many(items(traces.get())?, envelope);
    }
    Ok(native::one(fields, envelope))
}

fn items(array: &str) -> Result<Vec<&RawValue>, IngestError> {
    let items: Vec<&RawValue> = serde_json::from_str(array).map_err(IngestError::not_json)?;
    if items.len() > MAX_TRACES {
        return Err(IngestError::TooManyTraces { count: items.len() });
    }
    Ok(items)
}

#[cfg(test)]
mod tests;
