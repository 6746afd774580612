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
    let refused = |c: &char| {
        (*c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    match text.chars().find(refused) {
        Some(c) => Err(SqsError::InvalidMessageContents(c.into())),
        None => Ok(()),
    }
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
pub fn check_range(
    name: &str,
    value: i64,
    range: std::ops::RangeInclusive<u32>,
) -> Result<u32, SqsError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
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
