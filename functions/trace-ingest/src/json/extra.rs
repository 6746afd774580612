use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::BadField;
use crate::value::Refused;

/// Deepest nesting of a field that no one knows. Readers of the stored lines
/// stop somewhere (serde_json at 128); no client needs this much.
const MAX_DEPTH: usize = 32;

/// Fields that no one knows, stored as they came, number for number.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Extra(BTreeMap<String, Box<RawValue>>);

impl Extra {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn of(fields: BTreeMap<String, &RawValue>) -> Result<Self, BadField> {
        let compact = |(name, raw): (String, &RawValue)| match compact(raw.get()) {
            Ok(value) => Ok((name, value)),
            Err(reason) => Err(BadField::new(name, reason)),
        };
        fields
            .into_iter()
            .map(compact)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// The same JSON on one line without white space, which NDJSON needs.
///
/// Parsing into values and printing them again would do, but rounds large
/// numbers. The text is known to be JSON by its grammar; what a reader may still
/// stumble over is refused: deep nesting, numbers beyond a double, half a
/// surrogate pair.
fn compact(json: &str) -> Result<Box<RawValue>, Refused> {
    let mut out = String::with_capacity(json.len());
    let mut depth = 0usize;
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let token = match first {
            '"' => string(rest),
            '-' | '0'..='9' => number(rest),
            _ => &rest[..first.len_utf8()],
        };
        match first {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            '"' if serde_json::from_str::<String>(token).is_err() => {
                return Err(Refused::because("has text that is not valid Unicode"));
            }
            '-' | '0'..='9' if !token.parse().is_ok_and(f64::is_finite) => {
                return Err(Refused::because("has a number that is too large"));
            }
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(Refused::because("is nested more than 32 deep"));
        }
        if !first.is_ascii_whitespace() {
            out.push_str(token);
        }
        rest = &rest[token.len()..];
    }
    RawValue::from_string(out).map_err(|_| Refused::because("is not JSON"))
}

/// The string literal that `json` begins with, quotes included.
fn string(json: &str) -> &str {
    let mut escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    &json[..end.map_or(json.len(), |end| end + 2)]
}

/// The number that `json` begins with.
fn number(json: &str) -> &str {
    let end = json.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'));
    &json[..end.unwrap_or(json.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn compacted(json: &str) -> Result<String, Refused> {
        compact(json).map(|raw| raw.get().to_owned())
    }

    #[test]
    fn numbers_keep_their_digits_and_lines_become_one() {
        let json = "{ \"a\" : [ 1.10,\n\t12345678901234567890123 ] , \"b c\" : \" \\\" x\" }";
        assert_eq!(
            compacted(json).as_deref(),
            Ok(r#"{"a":[1.10,12345678901234567890123],"b c":" \" x"}"#)
        );
    }

    #[test]
    fn what_readers_stumble_over_is_refused() {
        let deep = format!("{}1{}", "[".repeat(33), "]".repeat(33));
        for json in ["1e999", "[-1e400]", r#""\ud800""#, r#"{"a":"\udc00x"}"#, &deep] {
            assert!(compacted(json).is_err(), "{json}");
        }
        let allowed = format!("{}1{}", "[".repeat(32), "]".repeat(32));
        assert_eq!(compacted(&allowed), Ok(allowed));
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9f64).prop_map(Value::from),
            "(\\PC|[\\\\\"\n\t]){0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::hash_map("\\PC{0,5}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn compacting_pretty_json_gives_what_serde_json_prints(value in json()) {
            let pretty = serde_json::to_string_pretty(&value).expect("JSON");
            prop_assert_eq!(compacted(&pretty), Ok(value.to_string()));
        }
    }
}
