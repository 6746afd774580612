use serde_json::error::Category;

use super::Request;
use crate::value::Bad;

/// Why a body is not a request.
#[derive(Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is not JSON.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A field is missing, or not of its kind.
    Field(Bad),
}

/// Reads a body.
///
/// # Errors
/// Where it goes wrong, never quoting it.
pub fn read(body: &[u8]) -> Result<Request, ReadError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let request = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        explain(path, error.inner())
    })?;
    json.end().map_err(|error| explain(String::new(), &error))?;
    Ok(request)
}

fn explain(path: String, error: &serde_json::Error) -> ReadError {
    if error.classify() != Category::Data {
        let (line, column) = (error.line(), error.column());
        return ReadError::NotJson { line, column };
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(&*text, |(text, _)| text);
    let quoted = |prefix: &str| text.strip_prefix(prefix)?.split('`').next();
    ReadError::Field(if let Some(name) = quoted("missing field `") {
        Bad::at(join(&path, name), "is missing")
    } else if text.starts_with("unknown field") {
        let known = text.rsplit_once(", expected ").map_or("none", |(_, known)| known);
        Bad::at(path, format!("is unknown here; known are {known}"))
    } else if text.starts_with("unknown variant") {
        let known = text.rsplit_once(", expected ").map_or("none", |(_, known)| known);
        Bad::at(path, format!("must be {known}"))
    } else if let Some((_, expected)) = text.rsplit_once(", expected ") {
        Bad::at(or_body(path), format!("must be {}", plain(expected)))
    } else {
        Bad::at(or_body(path), text.to_owned())
    })
}

/// What serde expected, in words for people who do not know Rust.
fn plain(expected: &str) -> &str {
    match expected {
        "u64" | "u32" | "usize" => "a whole number, 0 or more, that is not too large",
        "i64" => "a whole number",
        "f64" => "a number",
        "a string" => "text",
        "a sequence" => "an array",
        "a map" => "an object",
        named if named.starts_with("struct ") => "an object",
        other => other,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        return name.to_owned();
    }
    format!("{path}.{name}")
}

fn or_body(path: String) -> String {
    if path.is_empty() {
        "the body".to_owned()
    } else {
        path
    }
}

#[cfg(test)]
mod tests;
