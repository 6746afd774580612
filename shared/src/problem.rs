//! Answers to requests that failed: RFC 9457 `application/problem+json`.

use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Map, Value};

/// A problem document, and the headers of the response that carries it.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem of the kind `tag` (stable, kebab-case; it becomes the `type`
    /// `urn:punctual:problem:<tag>`), with a `title` that is the same for all
    /// problems of that kind and a `detail` about this one.
    pub fn new(status: StatusCode, tag: &str, title: &str, detail: impl Into<String>) -> Self {
        let mut members = Map::new();
        members.insert("type".into(), format!("urn:punctual:problem:{tag}").into());
        members.insert("title".into(), title.into());
        members.insert("status".into(), status.as_u16().into());
        members.insert("detail".into(), detail.into().into());
        let headers = Vec::new();
        Self {
            status,
            headers,
            members,
        }
    }

    /// Adds an extension member. One that cannot be serialized is left out.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.members.insert(name.into(), value);
        }
        self
    }

    /// Adds a response header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl Into<HeaderValue>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The HTTP response, with any body type that is made from a string.
    pub fn into_response<B: From<String>>(self) -> Response<B> {
        let mut response = Response::new(B::from(Value::Object(self.members).to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.extend(self.headers);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_rfc_9457_members_its_extensions_and_its_headers() {
        let response: Response<String> = Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not-stored",
            "Not stored",
            "Send it again.",
        )
        .with("missing", [1, 2])
        .header(header::RETRY_AFTER, 1)
        .into_response();

        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        assert_eq!(response.headers()["retry-after"], "1");
        let body: Value = serde_json::from_str(response.body()).expect("JSON");
        let expected = serde_json::json!({
            "type": "urn:punctual:problem:not-stored", "title": "Not stored", "status": 503,
            "detail": "Send it again.", "missing": [1, 2],
        });
        assert_eq!(body, expected);
    }
}
