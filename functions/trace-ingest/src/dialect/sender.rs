use lambda_http::http::HeaderMap;

use crate::value::Received;

/// Who sent a request and when: what a dialect needs to know beside the body.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The id of the key that the request came with.
    pub key_id: String,
    /// When it came in.
    pub received: Received,
    /// `X-Limit-U`: OwnTracks' user.
    pub user: Option<String>,
    /// `X-Limit-D`: OwnTracks' device.
    pub device: Option<String>,
}

impl Sender {
    /// Reads what a dialect needs from the request's headers.
    pub fn new(key_id: String, received: Received, headers: &HeaderMap) -> Self {
        let (user, device) = (text(headers, "x-limit-u"), text(headers, "x-limit-d"));
        Self {
            key_id,
            received,
            user,
            device,
        }
    }
}

/// A header in UTF-8, as the app sends names that are not ASCII.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = std::str::from_utf8(headers.get(name)?.as_bytes()).ok()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
