//! What the dialects share when they check fields.

use crate::{
    json::{BadField, Fields},
    value::Refused,
};

/// The value, or the complaint that it is missing.
pub(super) fn required<T>(value: Option<T>, name: &'static str) -> Result<T, BadField> {
    value.ok_or(BadField::new(name, Refused::because("is missing")))
}

/// The checked value, or the complaint about its field.
pub(super) fn check<T>(name: &'static str, value: Result<T, Refused>) -> Result<T, BadField> {
    value.map_err(|reason| BadField::new(name, reason))
}

/// A number that may be absent but not wrong.
pub(super) fn optional<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    new: impl Fn(f64) -> Result<T, Refused>,
) -> Result<Option<T>, BadField> {
    fields
        .take_number(name)?
        .map(|number| check(name, new(number)))
        .transpose()
}

/// A number for which the phone's system uses a negative value, or one out of
/// range, to say that it does not know.
pub(super) fn known<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    new: impl Fn(f64) -> Result<T, Refused>,
) -> Result<Option<T>, BadField> {
    Ok(fields.take_number(name)?.and_then(|number| new(number).ok()))
}
