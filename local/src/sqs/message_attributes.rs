//! The service's rules for the attributes that a sender attaches.
//!
//! Source: "Amazon SQS message metadata" in the Developer Guide.

use std::collections::BTreeMap;

use super::error::SqsError;
use super::limits::check_characters;
use super::message::MessageAttribute;

/// Attributes that a sender may attach.
const MAX_ATTRIBUTES: usize = 10;

/// Names, types and values of a sender's attributes.
pub fn check(attributes: &BTreeMap<String, MessageAttribute>) -> Result<(), SqsError> {
    if attributes.len() > MAX_ATTRIBUTES {
        return Err(SqsError::InvalidParameterValue(format!(
            "Number of message attributes [{}] exceeds the allowed maximum [{MAX_ATTRIBUTES}].",
            attributes.len()
        )));
    }
    attributes
        .iter()
        .try_for_each(|(name, attribute)| check_attribute(name, attribute))
}

fn check_attribute(name: &str, attribute: &MessageAttribute) -> Result<(), SqsError> {
    let invalid = |why: &str| {
        SqsError::InvalidParameterValue(format!("The message attribute '{name}' {why}"))
    };
    let lower = name.to_ascii_lowercase();
    if name.is_empty()
        || name.len() > 256
        || !name.chars().all(is_name_character)
        || name.starts_with('.')
        || name.ends_with('.')
        || name.contains("..")
        || lower.starts_with("aws.")
        || lower.starts_with("amazon.")
    {
        return Err(invalid("has an invalid name."));
    }
    let kind = attribute.data_type.split('.').next().unwrap_or_default();
    let value = match kind {
        "String" | "Number" => attribute.string_value.as_deref().map(str::len),
        "Binary" => attribute.binary_value.as_deref().map(<[u8]>::len),
        _ => {
            return Err(invalid(
                "has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
            ));
        }
    };
    if value.unwrap_or(0) == 0 {
        return Err(invalid(&format!(
            "must contain a non-empty message attribute value for message attribute type '{kind}'."
        )));
    }
    if kind == "Number"
        && attribute
            .string_value
            .as_deref()
            .is_none_or(|text| text.parse::<f64>().is_err())
    {
        return Err(invalid("is not a number."));
    }
    check_characters(attribute.string_value.as_deref().unwrap_or_default())
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(data_type: &str, value: &str) -> MessageAttribute {
        MessageAttribute {
            data_type: data_type.to_owned(),
            string_value: Some(value.to_owned()),
            binary_value: None,
        }
    }

    fn is_allowed(name: &str, data_type: &str, value: &str) -> bool {
        let attributes = BTreeMap::from([(name.to_owned(), attribute(data_type, value))]);
        check(&attributes).is_ok()
    }

    #[test]
    fn names_types_and_values() {
        assert!(is_allowed("trace.id-1_a", "String.uuid", "x"));
        assert!(is_allowed("n", "Number", "-1.5e3"));
        let long = "x".repeat(257);
        for name in ["", ".a", "a.", "a..b", "a b", "AWS.x", "amazon.x", &long] {
            assert!(!is_allowed(name, "String", "x"), "{name}");
        }
        for (data_type, value) in [
            ("", "x"),
            ("Text", "x"),
            ("String", ""),
            ("Number", "one"),
            ("Binary", "x"),
            ("String", "\0"),
        ] {
            assert!(!is_allowed("a", data_type, value), "{data_type} {value:?}");
        }
    }

    #[test]
    fn ten_are_allowed() {
        let count = |n: usize| {
            let named = |n: usize| (format!("a{n}"), attribute("String", "x"));
            check(&(0..n).map(named).collect())
        };
        assert!(count(10).is_ok());
        assert!(count(11).is_err());
    }
}
