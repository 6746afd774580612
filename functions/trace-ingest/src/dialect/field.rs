//! What the dialects share when they check fields.

use crate::{
    json::{BadField, Fields},
    value::{Latitude, Longitude, Refused},
};

/// The value, or the complaint that it is missing.
pub(super) fn required<T>(value: Option<T>, name: &'static str) -> Result<T, BadField> {
    value.ok_or(BadField::new(name, Refused::because("is missing")))
}

/// The checked value, or the complaint about its field.
pub(super) fn check<T>(name: &'static str, value: Result<T, Refused>) -> Result<T, BadField> {
    value.map_err(|reason| BadField::new(name, reason))
}

/// `lat` and `lon`, which must be there.
pub(super) fn position(fields: &mut Fields<'_>) -> Result<(Latitude, Longitude), BadField> {
    let lat = check("lat", Latitude::new(required(fields.take_number("lat")?, "lat")?))?;
    let lon = check(
        "lon",
        Longitude::new(required(fields.take_number("lon")?, "lon")?),
    )?;
    Ok((lat, lon))
}

/// A number that may be absent but not wrong.
pub(super) fn optional<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    new: impl Fn(f64) -> Result<T, Refused>,
) -> Result<Option<T>, BadField> {
    let number = fields.take_number(name)?;
    number.map(|number| check(name, new(number))).transpose()
}

/// A number of a phone's system, which says with a negative one that it does
/// not know. What is no number, or too large, stays in place, so that it is
/// stored as an unknown field: no reason to lose the position, which the app
/// would not send again.
pub(super) fn known<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    new: impl Fn(f64) -> Result<T, Refused>,
) -> Option<T> {
    let raw = fields.peek_raw(name);
    let (value, says_something) = match fields.take_number(name) {
        Ok(Some(number)) => (new(number).ok(), number >= 0.0),
        Ok(None) => (None, false),
        Err(_) => (None, true),
    };
    if let Some(raw) = raw.filter(|_| value.is_none() && says_something) {
        fields.put(name, raw);
    }
    value
}
