//! The service's limits on what a sender may send.
//!
//! Source: "Amazon SQS message quotas" and the SendMessage(Batch) API reference.

use std::collections::BTreeMap;

use super::error::SqsError;
use super::message::MessageAttribute;

/// A message, and all messages of a batch together: 1 MiB with attributes.
pub const MAX_MESSAGE_BYTES: usize = 1_048_576;
/// Entries of a batch, and messages of one `ReceiveMessage`.
pub const MAX_BATCH_ENTRIES: usize = 10;
/// Attributes that a sender may attach.
const MAX_ATTRIBUTES: usize = 10;

/// Bytes that count against [`MAX_MESSAGE_BYTES`]: the body, and each
/// attribute's name, type and value.
pub fn message_bytes(body: &str, attributes: &BTreeMap<String, MessageAttribute>) -> usize {
    let attributes: usize = attributes
        .iter()
        .map(|(name, value)| name.len() + value.data_type.len() + value.value_len())
        .sum();
    body.len() + attributes
}

/// Refuses what XML 1.0 cannot hold. Surrogates never get this far: the JSON
/// parser refuses lone ones.
pub fn check_characters(text: &str) -> Result<(), SqsError> {
    // Every refused character starts with a control byte or with 0xEF (U+FFFE
    // and U+FFFF): one pass over bytes lets nearly all bodies through.
    let suspect = |byte: &u8| (*byte < 0x20 && !matches!(byte, 9 | 10 | 13)) || *byte == 0xEF;
    if !text.as_bytes().iter().any(suspect) {
        return Ok(());
    }
    let refused =
        |c: &char| (*c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    match text.chars().find(refused) {
        Some(c) => Err(SqsError::InvalidMessageContents(c.into())),
        None => Ok(()),
    }
}

/// Names, types and values of a sender's attributes.
pub fn check_attributes(attributes: &BTreeMap<String, MessageAttribute>) -> Result<(), SqsError> {
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
    let invalid =
        |why: &str| SqsError::InvalidParameterValue(format!("The message attribute '{name}' {why}"));
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
        && !attribute
            .string_value
            .as_deref()
            .is_some_and(|text| text.parse::<f64>().is_ok())
    {
        return Err(invalid("is not a number."));
    }
    check_characters(attribute.string_value.as_deref().unwrap_or_default())
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// Ids of a batch: one to ten of them, distinct, of allowed characters.
pub fn check_batch_ids<'a>(
    kind: &'static str,
    ids: impl ExactSizeIterator<Item = &'a str>,
) -> Result<(), SqsError> {
    match ids.len() {
        0 => return Err(SqsError::EmptyBatchRequest(kind)),
        count if count > MAX_BATCH_ENTRIES => {
            return Err(SqsError::TooManyEntriesInBatchRequest(count));
        }
        _ => {}
    }
    let mut seen = Vec::with_capacity(MAX_BATCH_ENTRIES);
    for id in ids {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if id.is_empty() || id.len() > 80 || !id.chars().all(allowed) {
            return Err(SqsError::InvalidBatchEntryId);
        }
        if seen.contains(&id) {
            return Err(SqsError::BatchEntryIdsNotDistinct(id.to_owned()));
        }
        seen.push(id);
    }
    Ok(())
}

/// A number of seconds, or of messages, within what the service takes.
pub fn check_range(name: &str, value: i64, range: std::ops::RangeInclusive<u32>) -> Result<u32, SqsError> {
    u32::try_from(value)
        .ok()
        .filter(|value| range.contains(value))
        .ok_or_else(|| {
            SqsError::InvalidParameterValue(format!(
                "Value {value} for parameter {name} is invalid. Reason: Must be between {} and {}.",
                range.start(),
                range.end()
            ))
        })
}

/// Bytes that a message takes in a Lambda invocation's payload, which may hold
/// 6 MB: the body as a JSON string, its attributes, and about 1 KiB for ids,
/// checksums, the receipt handle and ARNs.
pub fn payload_bytes(
    body: &str,
    attributes: &BTreeMap<String, MessageAttribute>,
    trace_header: Option<&str>,
) -> usize {
    const FIXED: usize = 1_024;
    // `{"stringValue":…,"stringListValues":[],"binaryListValues":[],"dataType":…}`
    const PER_ATTRIBUTE: usize = 100;
    let attributes: usize = attributes
        .iter()
        .map(|(name, attribute)| {
            let binary = attribute.binary_value.as_deref().map_or(0, <[u8]>::len);
            let text = attribute.string_value.as_deref().map_or(0, json_bytes);
            PER_ATTRIBUTE + name.len() + attribute.data_type.len() + text + binary.div_ceil(3) * 4
        })
        .sum();
    FIXED + json_bytes(body) + attributes + trace_header.map_or(0, json_bytes)
}

/// Length of `text` as a JSON string, quotes included.
fn json_bytes(text: &str) -> usize {
    let escapes: usize = text
        .bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 1,
            0..0x20 => 5,
            _ => 0,
        })
        .sum();
    text.len() + escapes + 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn json_length_is_exact(text in any::<String>()) {
            let encoded = serde_json::to_string(&text).expect("a string");
            prop_assert_eq!(json_bytes(&text), encoded.len());
        }

        #[test]
        fn exactly_the_documented_characters_are_refused(text in any::<Vec<char>>()) {
            let documented = |c: &char| matches!(u32::from(*c),
                0x9 | 0xA | 0xD | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x10000..=0x10FFFF);
            let allowed = text.iter().all(documented);
            let text: String = text.into_iter().collect();
            prop_assert_eq!(check_characters(&text).is_ok(), allowed);
        }
    }

    #[test]
    fn refused_characters_in_the_middle_of_text() {
        for text in ["a\u{0}b", "한국\u{FFFF}", "\u{FFFE}", "\u{1F}"] {
            assert!(check_characters(text).is_err(), "{text:?}");
        }
        for text in ["", "\t\r\n", "한국어 🚚", "\u{FFFD}", "\u{FEFF}"] {
            assert!(check_characters(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn batch_ids() {
        let check = |ids: &[&str]| check_batch_ids("Entry", ids.iter().copied());
        assert!(check(&["a", "b-_1"]).is_ok());
        assert!(matches!(check(&[]), Err(SqsError::EmptyBatchRequest(_))));
        assert!(matches!(
            check(&["a"; 11]),
            Err(SqsError::TooManyEntriesInBatchRequest(11))
        ));
        assert!(matches!(
            check(&["a", "a"]),
            Err(SqsError::BatchEntryIdsNotDistinct(_))
        ));
        let long = "x".repeat(81);
        for id in ["", "a b", "ä", long.as_str()] {
            assert!(
                matches!(check(&[id]), Err(SqsError::InvalidBatchEntryId)),
                "{id:?}"
            );
        }
    }
}
