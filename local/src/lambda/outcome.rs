//! What an invocation gives, and the shape of its errors.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// What the caller gets: the function's payload, or an error document.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub payload: Bytes,
    /// Whether `X-Amz-Function-Error: Unhandled` goes with it.
    pub failed: bool,
}

/// `{"errorType":…,"errorMessage":…}`, the shape of every Lambda function error.
pub(crate) fn document(error_type: &str, message: &str) -> Bytes {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Document<'a> {
        error_type: &'a str,
        error_message: &'a str,
    }
    let document = Document {
        error_type,
        error_message: message,
    };
    serde_json::to_vec(&document)
        .expect("two strings serialize")
        .into()
}

/// An error document in one line: its type, and its first words.
pub(crate) fn brief(payload: &[u8]) -> String {
    const WORDS: usize = 300;
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Document {
        #[serde(default)]
        error_type: String,
        #[serde(default)]
        error_message: String,
    }
    match serde_json::from_slice(payload) {
        Ok(Document {
            error_type,
            error_message,
        }) => {
            let words: String = error_message.chars().take(WORDS).collect();
            format!("{error_type}: {words}")
        }
        Err(_) => "its error is not a document of Lambda's".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn an_error_is_cut_to_its_first_words() {
        let payload = format!(
            r#"{{"errorType":"Bad","errorMessage":"{}","body":"secret"}}"#,
            "é".repeat(301)
        );
        assert_eq!(brief(payload.as_bytes()), format!("Bad: {}", "é".repeat(300)));
        assert!(!brief(b"[53.4, -2.9]").contains("53.4"));
    }
}
