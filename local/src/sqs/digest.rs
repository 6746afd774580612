//! The MD5 sums that the SDKs compare to what they sent.

use std::collections::BTreeMap;

use md5::{Digest, Md5};

use super::message::MessageAttribute;

/// `MD5OfMessageBody`, lower-case hex.
pub fn of_body(body: &str) -> String {
    hex(Md5::digest(body.as_bytes()).as_slice())
}

/// `MD5OfMessageAttributes`, or `None` when there are none.
///
/// Encoding by "Calculating the MD5 message digest for message attributes" in
/// the SQS Developer Guide: sorted by name; name, data type and value each
/// behind their length as four big-endian bytes, the value also behind one byte
/// for its transport type (1 text, 2 binary).
pub fn of_attributes(attributes: &BTreeMap<String, MessageAttribute>) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut md5 = Md5::new();
    for (name, attribute) in attributes {
        update(&mut md5, name.as_bytes());
        update(&mut md5, attribute.data_type.as_bytes());
        match (&attribute.string_value, &attribute.binary_value) {
            (_, Some(bytes)) => {
                md5.update([2]);
                update(&mut md5, bytes);
            }
            (text, None) => {
                md5.update([1]);
                update(&mut md5, text.as_deref().unwrap_or_default().as_bytes());
            }
        }
    }
    Some(hex(md5.finalize().as_slice()))
}

fn update(md5: &mut Md5, part: &[u8]) {
    // Limited to 1 MiB long before this.
    md5.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    md5.update(part);
}

fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn body_sum_is_plain_md5() {
        // The example of the SendMessage API reference.
        assert_eq!(
            of_body("This is a test message"),
            "fafb00f5732ab283681e124bf8747ed1"
        );
    }

    #[test]
    fn no_attributes_have_no_sum() {
        assert_eq!(of_attributes(&BTreeMap::new()), None);
    }
}
