use std::{borrow::Cow, fmt::Write};

use serde_json::{Map, Value};

/// A function's structured log line as a person reads it: level, message, then
/// the fields as `name=value`. Time and invocation are left to the log file. A
/// line that is no log line stays as it is.
pub(super) fn readable(line: &str) -> Cow<'_, str> {
    let fields = line
        .starts_with('{')
        .then(|| serde_json::from_str::<Map<String, Value>>(line).ok());
    let Some(mut fields) = fields.flatten() else {
        return line.into();
    };
    let (Some(Value::String(level)), Some(Value::String(message))) =
        (fields.remove("level"), fields.remove("message"))
    else {
        return line.into();
    };
    let mut text = format!("{level:<5} {message}");
    for (name, value) in fields
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "timestamp" | "span"))
    {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        // Writing to a String cannot fail.
        let _ = write!(text, " {name}={shown}");
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_structured_line_is_made_readable_and_any_other_kept() {
        let line = r#"{"timestamp":"2026-01-26T16:00:00Z","level":"WARN","message":"refused","status":401,"error":"unauthorized","span":{"requestId":"r"}}"#;
        assert_eq!(readable(line), "WARN  refused error=unauthorized status=401");
        for line in ["thread 'main' panicked", "{not json", r#"{"level":"INFO"}"#, ""] {
            assert_eq!(readable(line), line);
        }
    }
}
