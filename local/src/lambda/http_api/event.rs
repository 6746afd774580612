//! A request as event of payload format 2.0.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::header::{CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HOST, TRANSFER_ENCODING, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::routes::Matched;

/// What the event says about the way of the request.
pub(super) struct Caller<'a> {
    pub peer: SocketAddr,
    pub account_id: &'a str,
    pub port: u16,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    version: &'static str,
    route_key: &'a str,
    raw_path: &'a str,
    raw_query_string: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cookies: Vec<&'a str>,
    headers: Headers<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    query_string_parameters: BTreeMap<Cow<'a, str>, String>,
    request_context: Context<'a>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    path_parameters: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
    is_base64_encoded: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Context<'a> {
    account_id: &'a str,
    api_id: &'static str,
    domain_name: &'a str,
    domain_prefix: &'a str,
    http: Http<'a>,
    request_id: String,
    route_key: &'a str,
    stage: &'static str,
    time: String,
    time_epoch: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Http<'a> {
    method: &'a str,
    path: &'a str,
    protocol: &'static str,
    source_ip: String,
    user_agent: &'a str,
}

/// The event's JSON. `parts` gets the headers that the gateway adds.
pub(super) fn build(mut parts: Parts, body: &[u8], route: &Matched<'_>, caller: &Caller<'_>) -> Vec<u8> {
    let source_ip = caller.peer.ip().to_string();
    let cookies = parts
        .headers
        .get_all(COOKIE)
        .into_iter()
        .cloned()
        .collect::<Vec<_>>();
    add_headers(&mut parts.headers, &source_ip, caller.port);
    let headers = &parts.headers;
    let host = text(headers.get(HOST));
    let domain_name = host.split(':').next().unwrap_or(host);
    let path = parts.uri.path();
    let query = parts.uri.query().unwrap_or_default();
    let now = Timestamp::now();
    let (body, is_base64_encoded) = encode(headers, body);
    let event = Event {
        version: "2.0",
        route_key: route.key,
        raw_path: path,
        raw_query_string: query,
        cookies: cookies
            .iter()
            .flat_map(|cookie| text(Some(cookie)).split("; "))
            .collect(),
        headers: Headers(headers),
        query_string_parameters: query_parameters(query),
        request_context: Context {
            account_id: caller.account_id,
            api_id: "local",
            domain_name,
            domain_prefix: domain_name.split('.').next().unwrap_or(domain_name),
            http: Http {
                method: parts.method.as_str(),
                path,
                protocol: "HTTP/1.1",
                source_ip,
                user_agent: text(headers.get(USER_AGENT)),
            },
            request_id: crate::lambda::invocation::random_uuid().to_string(),
            route_key: route.key,
            stage: "$default",
            time: now.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string(),
            time_epoch: now.as_millisecond(),
        },
        path_parameters: route
            .parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect(),
        body,
        is_base64_encoded,
    };
    // Twice the usual head; a body in base64 grows by a third, text by its quotes.
    let mut json =
        Vec::with_capacity(2048 + event.body.as_ref().map_or(0, |body| body.len() + body.len() / 4));
    serde_json::to_writer(&mut json, &event).expect("writing strings to memory cannot fail");
    json
}

fn add_headers(headers: &mut HeaderMap, source_ip: &str, port: u16) {
    // Hop by hop, or (cookies) moved to a field of their own.
    for name in [COOKIE, CONNECTION, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    let forwarded = HeaderName::from_static("x-forwarded-for");
    if let Ok(address) = HeaderValue::from_str(source_ip) {
        headers.append(forwarded, address);
    }
    headers.insert("x-forwarded-port", HeaderValue::from(port));
    headers.insert("x-forwarded-proto", HeaderValue::from_static("http"));
}

/// Text as it is, anything else as base64, decided as API Gateway decides: by
/// content type, and by whether the bytes are text at all.
fn encode<'a>(headers: &HeaderMap, body: &'a [u8]) -> (Option<Cow<'a, str>>, bool) {
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
fn query_parameters(query: &str) -> BTreeMap<Cow<'_, str>, String> {
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

fn text(value: Option<&HeaderValue>) -> &str {
    value
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
        .unwrap_or_default()
}

/// Lower-case names, values of a repeated name joined with commas.
struct Headers<'a>(&'a HeaderMap);

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
