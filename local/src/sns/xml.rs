//! Answers of AWS's query protocol: <https://docs.aws.amazon.com/sns/latest/api>.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use uuid::Uuid;

const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

/// `result` is XML already.
pub(super) fn success(action: &str, result: &str) -> String {
    let id = Uuid::new_v4();
    format!(
        "<{action}Response xmlns=\"{NAMESPACE}\"><{action}Result>{result}</{action}Result><ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata></{action}Response>"
    )
}

pub(super) fn failure(sender: bool, code: &str, message: &str) -> String {
    let (fault, message) = (if sender { "Sender" } else { "Receiver" }, escaped(message));
    let id = Uuid::new_v4();
    format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{fault}</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>{id}</RequestId></ErrorResponse>"
    )
}

pub(super) fn response(status: StatusCode, body: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static("text/xml");
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, content_type);
    response
}

/// One element with text in it.
pub(super) fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escaped(text))
}

/// What XML 1.0 cannot hold becomes a replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        escaped.push_str(&match character {
            '&' => Cow::Borrowed("&amp;"),
            '<' => Cow::Borrowed("&lt;"),
            '>' => Cow::Borrowed("&gt;"),
            '\r' => Cow::Borrowed("&#xD;"),
            '\t' | '\n' => Cow::Owned(character.into()),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => Cow::Borrowed("\u{fffd}"),
            other => Cow::Owned(other.into()),
        });
    }
    escaped
}
