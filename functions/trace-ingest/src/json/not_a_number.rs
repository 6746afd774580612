/// What some writers, Python's among them, put where a number is none.
const WORDS: [&str; 3] = ["NaN", "-Infinity", "Infinity"];

/// The text with `NaN` and the infinities in quotes. They are no JSON: as they
/// are, the whole body would be refused for one field. `None` when there are none.
pub fn quoted(json: &str) -> Option<String> {
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    let bytes = json.as_bytes();
    while at < bytes.len() {
        at += match bytes[at] {
            b'"' => string(&bytes[at..]),
            b'N' | b'I' | b'-' => {
                let word = WORDS.iter().find(|word| bytes[at..].starts_with(word.as_bytes()));
                if let Some(word) = word {
                    out.push_str(&json[copied..at]);
                    out.extend(["\"", word, "\""]);
                    copied = at + word.len();
                }
                word.map_or(1, |word| word.len())
            }
            _ => 1,
        };
    }
    (copied > 0).then(|| out + &json[copied..])
}

/// The length of the string that begins here, quotes included.
fn string(bytes: &[u8]) -> usize {
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn words_are_quoted_and_strings_left_alone() {
        let json = r#"[{"a":NaN,"NaN":"NaN \" NaN"},-Infinity, Infinity,-1,"\\",NaN]"#;
        let expected = r#"[{"a":"NaN","NaN":"NaN \" NaN"},"-Infinity", "Infinity",-1,"\\","NaN"]"#;
        assert_eq!(quoted(json).as_deref(), Some(expected));
    }

    proptest! {
        #[test]
        fn what_is_json_stays(text in any::<String>(), number in any::<f64>()) {
            let json = serde_json::json!({ &text: [text, number, null] }).to_string();
            prop_assert_eq!(quoted(&json), None);
        }

        #[test]
        fn no_text_panics(text in "[\"\\\\NaIinfty:,\\-{}\\[\\]라]{0,40}") {
            if let Some(quoted) = quoted(&text) {
                prop_assert!(quoted.len() > text.len());
                let _ = serde_json::from_str::<Value>(&quoted);
            }
        }
    }
}
