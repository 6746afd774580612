//! The rules that a parameter states about its values.

use serde_json::Value;

use super::intrinsics::text;

/// The first rule that one value (or one item of a list) breaks, as the end of
/// a sentence.
pub(super) fn broken_rule(kind: &str, definition: &Value, value: &str) -> Option<String> {
    let number = match kind {
        "Number" | "List<Number>" => match value.parse::<f64>() {
            Ok(number) => Some(number),
            Err(_) => return Some("is not a number".into()),
        },
        _ => None,
    };
    let length = Some(value.chars().count() as f64);
    type Outside = fn(&f64, &f64) -> bool;
    let limits: [(&str, Option<f64>, Outside); 4] = [
        ("MinValue", number, f64::lt),
        ("MaxValue", number, f64::gt),
        ("MinLength", length, f64::lt),
        ("MaxLength", length, f64::gt),
    ];
    for (key, is, outside) in limits {
        let limit = definition.get(key).and_then(text).and_then(|l| l.parse().ok());
        if let (Some(is), Some(limit)) = (is, limit)
            && outside(&is, &limit)
        {
            return Some(format!("breaks {key} {limit}"));
        }
    }
    let allowed = definition.get("AllowedValues").and_then(Value::as_array);
    if let Some(allowed) = allowed {
        let allowed: Vec<String> = allowed.iter().filter_map(text).collect();
        if !allowed.iter().any(|allowed| allowed == value) {
            return Some(format!("is none of {}", allowed.join(", ")));
        }
    }
    let pattern = definition.get("AllowedPattern").and_then(Value::as_str)?;
    // CloudFormation matches the whole value. Its patterns are Java's: one that
    // this engine cannot read is left to CloudFormation to check.
    let whole = regex_lite::Regex::new(&format!("^(?:{pattern})$")).ok()?;
    (!whole.is_match(value)).then(|| format!("does not match AllowedPattern {pattern}"))
}
