//! How parts of a request are written into its event.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};
use serde::{Serialize, Serializer};

/// Text as it is, anything else as base64, decided as API Gateway documents it:
/// by content type. Two things are not documented and are a guess: that a body
/// with a `content-encoding` is base64 whatever its type, and bytes that are no
/// UTF-8 as well, as they could not stand in JSON.
pub(super) fn encode<'a>(headers: &HeaderMap, body: &'a [u8]) -> (Option<Cow<'a, str>>, bool) {
    if body.is_empty() {
        return (None, false);
    }
    let is_text = !headers.contains_key(CONTENT_ENCODING) && is_text(text(headers.get(CONTENT_TYPE)));
    match std::str::from_utf8(body) {
        Ok(body) if is_text => (Some(Cow::Borrowed(body)), false),
        _ => (Some(Cow::Owned(BASE64_STANDARD.encode(body))), true),
    }
}

fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence.starts_with("text/")
        || essence.ends_with("+json")
        || essence.ends_with("+xml")
        || matches!(
            essence.as_str(),
            "application/json" | "application/xml" | "application/javascript"
        )
}

/// Decoded, values of a repeated name joined with commas.
pub(super) fn query_parameters(query: &str) -> BTreeMap<Cow<'_, str>, String> {
    let mut parameters = BTreeMap::<_, String>::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match parameters.entry(name) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(value.into_owned());
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                entry.get_mut().push(',');
                entry.get_mut().push_str(&value);
            }
        }
    }
    parameters
}

pub(super) fn text(value: Option<&HeaderValue>) -> &str {
    value
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
        .unwrap_or_default()
}

/// Lower-case names, values of a repeated name joined with commas.
pub(super) struct Headers<'a>(pub &'a HeaderMap);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.keys().map(|name| {
            let mut values = self.0.get_all(name).into_iter();
            let first = values.next().map_or(Cow::Borrowed(""), |value| {
                String::from_utf8_lossy(value.as_bytes())
            });
            let joined = values.fold(first, |joined, value| {
                let value = String::from_utf8_lossy(value.as_bytes());
                Cow::Owned(format!("{joined},{value}"))
            });
            (name.as_str(), joined)
        }))
    }
}
