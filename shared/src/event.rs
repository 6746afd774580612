//! JSON events of a function's own making.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads a payload.
///
/// # Errors
/// What is wrong, with the path of the field.
pub fn read<T: DeserializeOwned>(payload: Map<String, Value>) -> Result<T, String> {
    serde_path_to_error::deserialize(Value::Object(payload)).map_err(|error| {
        match error.path().iter().len() {
            0 => error.inner().to_string(),
            _ => format!("{}: {}", error.path(), error.inner()),
        }
    })
}
