//! Overland's batches (<https://github.com/aaronpk/Overland-iOS#api>): GeoJSON
//! features under `locations`. iOS says -1 where it does not know a value.
//!
//! `current` and `trip`, which the app may add, repeat points that are or will
//! be in a batch and are not stored.

use serde_json::value::RawValue;

use super::{
    Found, Sender,
    field::{check, known, required},
};
use crate::{
    json::{BadField, Fields},
    trace::Details,
    value::{AgentId, BatteryPct, HeadingDeg, Latitude, Longitude, NonNegative, RecordedAt, Refused},
};

pub(super) fn find(item: &RawValue, sender: &Sender) -> Result<Found, BadField> {
    let mut feature = check("feature", Fields::of(item))?;
    let properties = required(feature.take_raw("properties"), "properties")?;
    let mut fields = check("properties", Fields::of(properties))?;
    let agent_id = agent(&mut fields, sender)?;
    let timestamp = required(fields.take_text("timestamp")?, "timestamp")?;
    let recorded_at = check("timestamp", RecordedAt::from_text(&timestamp, sender.received))?;
    let (lon, lat, altitude) = coordinates(&mut feature)?;
    let details = Details {
        accuracy_m: known(&mut fields, "horizontal_accuracy", NonNegative::new),
        altitude_m: known(&mut fields, "altitude", Ok).or(altitude),
        vertical_accuracy_m: known(&mut fields, "vertical_accuracy", NonNegative::new),
        speed_mps: known(&mut fields, "speed", NonNegative::new),
        heading_deg: known(&mut fields, "course", HeadingDeg::new),
        battery_pct: known(&mut fields, "battery_level", |share| {
            BatteryPct::new(percent(share))
        }),
    };
    feature.take_raw("type");
    fields.merge(feature);
    let extra = fields.into_extra()?;
    Ok(Found {
        trace_id: None,
        agent_id,
        recorded_at,
        lat,
        lon,
        details,
        extra,
    })
}

/// `geometry.coordinates`: longitude, latitude, and perhaps an altitude.
fn coordinates(feature: &mut Fields<'_>) -> Result<(Longitude, Latitude, Option<f64>), BadField> {
    const NAME: &str = "coordinates";
    const SHAPE: Refused = Refused::because("must be [longitude, latitude] of a Point");
    let geometry = required(feature.take_raw("geometry"), "geometry")?;
    let mut geometry = check("geometry", Fields::of(geometry))?;
    let coordinates = required(geometry.take_raw(NAME), NAME)?;
    let numbers: Vec<f64> = check(NAME, serde_json::from_str(coordinates.get()).map_err(|_| SHAPE))?;
    let (&[lon, lat], rest) = numbers.split_first_chunk().ok_or(BadField::new(NAME, SHAPE))?;
    let lon = check(NAME, named("longitude", Longitude::new(lon)))?;
    let lat = check(NAME, named("latitude", Latitude::new(lat)))?;
    Ok((lon, lat, rest.first().copied()))
}

fn named<T>(part: &str, value: Result<T, Refused>) -> Result<T, Refused> {
    value.map_err(|reason| Refused(format!("{part} {reason}").into()))
}

/// The device's name from the app's settings (empty where none was set), the
/// installation's id, else the name of the key.
fn agent(fields: &mut Fields<'_>, sender: &Sender) -> Result<AgentId, BadField> {
    let device = fields.take_text("device_id")?.filter(|id| !id.trim().is_empty());
    if let Some(device) = device {
        return check("device_id", AgentId::new(device));
    }
    let unique = fields.take_text("unique_id")?.filter(|id| !id.trim().is_empty());
    check(
        "unique_id",
        AgentId::new(unique.unwrap_or_else(|| sender.key_id.clone())),
    )
}

/// 0.8600000143051147, the battery level of an iPhone at 86 %, is 86.
fn percent(share: f64) -> f64 {
    (share * 1e4).round() / 1e2
}
