//! What clients speak, told apart by the shape of the body.

mod batch;
mod field;
mod found;
mod native;
mod overland;
mod owntracks;
mod sender;

pub use batch::{Batch, Rejected};
pub use sender::Sender;

use found::Found;

use serde_json::value::RawValue;

use crate::{
    error::IngestError,
    json::{BadField, Fields, Items, items, quoted},
    trace::Source,
};

/// Most traces in one request: ten times what Overland sends at its largest
/// setting.
pub const MAX_TRACES: usize = 10_000;

/// Turns a body into the traces in it, whatever dialect it is in.
pub fn parse(body: &[u8], sender: &Sender) -> Result<Batch, IngestError> {
    let text = std::str::from_utf8(body)
        .map_err(|_| IngestError::NotUtf8)?
        .trim_ascii();
    match read(text, sender) {
        // One NaN is no reason to lose its neighbours.
        Err(refusal @ IngestError::NotJson { .. }) => match quoted(text) {
            Some(text) => read(&text, sender).map_err(|_| refusal),
            None => Err(refusal),
        },
        result => result,
    }
}

fn read(text: &str, sender: &Sender) -> Result<Batch, IngestError> {
    if text.is_empty() {
        // OwnTracks posts an empty body when a friend is removed in the app.
        return Ok(Batch::empty(Source::Owntracks));
    }
    if text.starts_with('[') {
        return native_batch(text, sender);
    }
    let body: &RawValue = serde_json::from_str(text).map_err(IngestError::not_json)?;
    let mut fields = Fields::of(body).map_err(|_| IngestError::UnknownShape)?;
    if fields.has("_type") {
        return Ok(owntracks::batch(fields, sender));
    }
    if let Some(locations) = fields.take_raw("locations") {
        return each(locations.get(), Source::Overland, sender, |item| {
            overland::find(item, sender)
        });
    }
    if let Some(traces) = fields.take_raw("traces") {
        return native_batch(traces.get(), sender);
    }
    let mut batch = Batch::empty(Source::Native);
    batch.add(
        0,
        native::find(fields, sender).map(|found| found.into_trace(Source::Native, sender)),
    );
    Ok(batch)
}

fn native_batch(array: &str, sender: &Sender) -> Result<Batch, IngestError> {
    let batch = each(array, Source::Native, sender, |item| {
        let fields = Fields::of(item).map_err(|reason| BadField::new("trace", reason))?;
        native::find(fields, sender)
    })?;
    if batch.items() == 0 {
        return Err(IngestError::NoTraces);
    }
    Ok(batch)
}

/// Every item of an array on its own, so that a bad one takes no neighbour along.
fn each(
    array: &str,
    source: Source,
    sender: &Sender,
    find: impl Fn(&RawValue) -> Result<Found, BadField>,
) -> Result<Batch, IngestError> {
    let items = match items(array, MAX_TRACES).map_err(IngestError::not_json)? {
        Items::All(items) => items,
        Items::TooMany(count) => return Err(IngestError::TooManyTraces { count }),
    };
    let mut batch = Batch::empty(source);
    for (index, item) in items.into_iter().enumerate() {
        batch.add(index, find(item).map(|found| found.into_trace(source, sender)));
    }
    Ok(batch)
}

#[cfg(test)]
mod tests;
