//! A request as event of payload format 2.0.
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;

use http::header::{CONNECTION, COOKIE, HOST, TRANSFER_ENCODING, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use serde::Serialize;

use super::encoding::{Headers, encode, query_parameters, text};
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
            request_id: uuid::Uuid::new_v4().to_string(),
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
