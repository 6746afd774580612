//! Who may use the admin API and Invoke.
//!
//! Every web page can post to 127.0.0.1, and one whose name is made to point
//! there can read the answers too. Neither may disturb a stack: a browser says
//! where a page comes from (`Origin`) and which name it called (`Host`).

use axum::body::Body;
use axum::response::Response;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// The answer to a request that a web page of somebody else made.
pub(super) fn refusal(headers: &HeaderMap) -> Option<Response> {
    let host = header(headers, HOST).filter(|host| is_own(host));
    let origin = header(headers, ORIGIN);
    // The stack's own if it is the very host and port that was called.
    let from_here = |origin: &str| {
        origin
            .strip_prefix("http://")
            .is_some_and(|authority| host == Some(authority))
    };
    let reason = match (host, origin) {
        (None, _) => "The header Host must be 127.0.0.1 or localhost.",
        (_, Some(origin)) if !from_here(origin) => "Web pages of another origin may not use this stack.",
        _ => return None,
    };
    let mut response = Response::new(Body::from(serde_json::json!({ "message": reason }).to_string()));
    *response.status_mut() = StatusCode::FORBIDDEN;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Some(response)
}

fn is_own(host: &str) -> bool {
    let host: Result<Authority, _> = host.parse();
    host.is_ok_and(|host| host.host() == "127.0.0.1" || host.host().eq_ignore_ascii_case("localhost"))
}

/// `Some("")` for a value that is not text, which no rule here lets pass.
fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_stacks_own_pages_and_no_page_at_all() {
        for (host, origin, allowed) in [
            ("127.0.0.1:3000", None, true),
            ("LOCALHOST:3000", None, true),
            ("127.0.0.1:3000", Some("http://127.0.0.1:3000"), true),
            ("127.0.0.1:3000", Some("http://127.0.0.1:8080"), false),
            ("127.0.0.1:3000", Some("https://evil.example"), false),
            ("127.0.0.1:3000", Some("null"), false),
            ("evil.example:3000", Some("http://evil.example:3000"), false),
            ("127.0.0.1.evil.example", None, false),
            ("[", None, false),
            ("", None, false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static(host));
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(refusal(&headers).is_none(), allowed, "{host} {origin:?}");
        }
        assert!(refusal(&HeaderMap::new()).is_some());
    }
}
