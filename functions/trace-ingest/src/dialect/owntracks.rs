//! OwnTracks in HTTP mode (<https://owntracks.org/booklet/tech/http/>): one
//! object a request. Of the app's message types only `location` is a trace; the
//! others, and types that later versions may bring, are acknowledged and
//! dropped, else the app would send them again for ever.

use super::{
    Batch, Found, Sender,
    field::{check, known, position, required},
};
use crate::{
    json::{BadField, Fields},
    trace::{Details, Source},
    value::{AgentId, BatteryPct, HeadingDeg, NonNegative, RecordedAt, Refused},
};

const ENCRYPTED: Refused =
    Refused::because("is encrypted, which cannot be read; remove the encryption key in the app");

pub(super) fn batch(mut fields: Fields<'_>, sender: &Sender) -> Batch {
    let mut batch = Batch::empty(Source::Owntracks);
    match fields.take_text("_type") {
        Ok(Some(kind)) if kind == "location" => batch.add(
            0,
            location(fields, sender).map(|found| found.into_trace(Source::Owntracks, sender)),
        ),
        // A position that nobody here can read. Acknowledged like the others, but
        // told in the log: the phone deletes what was acknowledged.
        Ok(Some(kind)) if kind == "encrypted" => batch.add(0, Err(BadField::new("_type", ENCRYPTED))),
        Ok(_) => batch.ignored = 1,
        Err(bad) => batch.add(0, Err(bad)),
    }
    batch
}

fn location(mut fields: Fields<'_>, sender: &Sender) -> Result<Found, BadField> {
    let agent_id = agent(&mut fields, sender)?;
    // `tst` is in seconds.
    let tst = required(fields.take_number("tst")?, "tst")? * 1e3;
    let recorded_at = check("tst", RecordedAt::from_epoch_ms_number(tst, sender.received))?;
    let (lat, lon) = position(&mut fields)?;
    let details = Details {
        accuracy_m: known(&mut fields, "acc", NonNegative::new),
        altitude_m: known(&mut fields, "alt", Ok),
        vertical_accuracy_m: known(&mut fields, "vac", NonNegative::new),
        speed_mps: known(&mut fields, "vel", |kmh| NonNegative::new(kmh / 3.6)),
        heading_deg: known(&mut fields, "cog", HeadingDeg::new),
        battery_pct: known(&mut fields, "batt", BatteryPct::new),
    };
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

/// The first that is known of: the user and device that the app puts into
/// headers, the topic that it would publish to over MQTT
/// (`owntracks/user/device`), its two-letter tracker id, the name of the key.
fn agent(fields: &mut Fields<'_>, sender: &Sender) -> Result<AgentId, BadField> {
    let topic = fields.take_text("topic")?;
    let topic = topic
        .as_deref()
        .map(|topic| topic.strip_prefix("owntracks/").unwrap_or(topic));
    // Left in place: it is a field of its own, the agent only falls back to it.
    let tid = fields.peek_text("tid");
    let (field, id) = match (&sender.user, &sender.device, topic, tid) {
        (Some(user), Some(device), ..) => ("X-Limit-U", format!("{user}/{device}")),
        (Some(user), None, ..) => ("X-Limit-U", user.clone()),
        (None, Some(device), ..) => ("X-Limit-D", device.clone()),
        (_, _, Some(topic), _) if !topic.is_empty() => ("topic", topic.to_owned()),
        (_, _, _, Some(tid)) if !tid.is_empty() => ("tid", tid),
        _ => ("tid", sender.key_id.clone()),
    };
    check(field, AgentId::new(id))
}
