//! Message attributes.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde::Serialize;

use super::error::SnsError;
use super::form::Form;

/// One attribute as it is stored.
#[derive(Debug, Serialize)]
pub(super) struct Attribute {
    #[serde(rename = "type")]
    data_type: String,
    /// Text, or the base64 of bytes.
    value: String,
}

/// All attributes of a message, with their size as SNS counts it.
pub(super) fn read(form: &Form) -> Result<(BTreeMap<String, Attribute>, usize), SnsError> {
    let mut attributes = BTreeMap::new();
    let mut size = 0;
    for (prefix, name) in form.entries("MessageAttributes") {
        let part = |part: &str| {
            form.get(&format!("{prefix}.{part}"))
                .filter(|value| !value.is_empty())
        };
        let wrong = |reason| SnsError::InvalidAttribute {
            name: name.to_owned(),
            reason,
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !(1..=256).contains(&name.len()) || !name.chars().all(plain) {
            return Err(wrong("a name has 1 to 256 characters of [A-Za-z0-9_.-]"));
        }
        let data_type = part("DataType").ok_or_else(|| wrong("it has no DataType"))?;
        let (value, bytes) = match data_type.split('.').next().unwrap_or_default() {
            "Binary" => {
                let value = part("BinaryValue").ok_or_else(|| wrong("it has no BinaryValue"))?;
                let bytes = BASE64_STANDARD.decode(value);
                (
                    value,
                    bytes.map_err(|_| wrong("its BinaryValue is not base64"))?.len(),
                )
            }
            "String" | "Number" => {
                let value = part("StringValue").ok_or_else(|| wrong("it has no StringValue"))?;
                (value, value.len())
            }
            _ => {
                return Err(wrong(
                    "its DataType is none of String, String.Array, Number and Binary",
                ));
            }
        };
        size += name.len() + data_type.len() + bytes;
        let attribute = Attribute {
            data_type: data_type.to_owned(),
            value: value.to_owned(),
        };
        attributes.insert(name.to_owned(), attribute);
    }
    Ok((attributes, size))
}
