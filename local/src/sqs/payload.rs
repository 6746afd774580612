//! What a message weighs in a Lambda invocation.

use std::collections::BTreeMap;

use super::message::MessageAttribute;

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
    }
}
