//! Punctual's own dialect: fields are named as they are stored.

use super::{
    Found, Sender,
    field::{check, optional, position, required},
};
use crate::{
    json::{BadField, Extra, Fields},
    trace::Details,
    value::{AgentId, BatteryPct, HeadingDeg, NonNegative, Received, RecordedAt, Refused, TraceId},
};

pub(super) fn find(mut fields: Fields<'_>, sender: &Sender) -> Result<Found, BadField> {
    let agent_id = required(fields.take_text("agent_id")?, "agent_id")?;
    let agent_id = check("agent_id", AgentId::new(agent_id))?;
    let recorded_at = recorded_at(&mut fields, sender.received)?;
    let (lat, lon) = position(&mut fields)?;
    let trace_id = fields.take_text("trace_id")?;
    let trace_id = trace_id
        .map(|id| check("trace_id", TraceId::new(id)))
        .transpose()?;
    let details = Details {
        accuracy_m: optional(&mut fields, "accuracy_m", NonNegative::new)?,
        altitude_m: fields.take_number("altitude_m")?,
        vertical_accuracy_m: optional(&mut fields, "vertical_accuracy_m", NonNegative::new)?,
        speed_mps: optional(&mut fields, "speed_mps", NonNegative::new)?,
        heading_deg: optional(&mut fields, "heading_deg", HeadingDeg::new)?,
        battery_pct: optional(&mut fields, "battery_pct", BatteryPct::new)?,
    };
    let extra = extra(fields)?;
    Ok(Found {
        trace_id,
        agent_id,
        recorded_at,
        lat,
        lon,
        details,
        extra,
    })
}

fn recorded_at(fields: &mut Fields<'_>, received: Received) -> Result<RecordedAt, BadField> {
    const NAME: &str = "recorded_at";
    const REASON: Refused = Refused::because("must be an RFC 3339 time or epoch milliseconds");
    let raw = required(fields.take_raw(NAME), NAME)?.get();
    let time = if raw.starts_with('"') {
        let text: Result<String, _> = serde_json::from_str(raw);
        text.map_err(|_| REASON)
            .and_then(|text| RecordedAt::from_text(&text, received))
    } else {
        let number: Result<f64, _> = serde_json::from_str(raw);
        number
            .map_err(|_| REASON)
            .and_then(|ms| RecordedAt::from_epoch_ms_number(ms, received))
    };
    check(NAME, time)
}

/// A stored line that is sent again brings its `extra` along; its fields go
/// back to where they were.
fn extra(mut fields: Fields<'_>) -> Result<Extra, BadField> {
    let nested = fields.take_raw("extra");
    match nested.map(|raw| (raw, Fields::of(raw))) {
        None => {}
        Some((_, Ok(inner))) => fields.merge(inner),
        Some((raw, Err(_))) => fields.put("extra", raw),
    }
    fields.into_extra()
}
