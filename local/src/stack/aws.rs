//! Which requests are calls of AWS services, and of which that are not here.

use axum::body::Body;
use axum::response::Response;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};

use crate::aws_api;
use crate::console::Repeated;

/// What `X-Amz-Target` begins with, for the services that are here.
const TARGETS: [&str; 2] = ["AmazonSQS.", "Firehose_20150804."];
/// Signatures that a template's own routes and function URLs can ask for.
const OWN_SERVICES: [&str; 2] = ["execute-api", "lambda"];

static STRAYED: Repeated = Repeated::new();

/// Whether SQS or Firehose is meant: `POST /`, or a queue's URL, with their header.
pub(super) fn is_call(request: &Request<Body>) -> bool {
    let path = request.uri().path();
    let target = request.headers().get("x-amz-target");
    let target = target.and_then(|target| target.to_str().ok()).unwrap_or_default();
    request.method() == Method::POST
        && (path == "/" || path.matches('/').count() == 2)
        && TARGETS.iter().any(|service| target.starts_with(service))
}

/// Whether SNS is meant: a form for `POST /` that is signed for it. Without a
/// signature it is the template's where a route takes it.
pub(super) fn is_sns(request: &Request<Body>, is_routed: impl FnOnce() -> bool) -> bool {
    let headers = request.headers();
    request.method() == Method::POST
        && request.uri().path() == "/"
        && aws_api::is_query(headers)
        && scope(headers).map_or_else(|| !is_routed(), |service| service == "sns")
}

/// The answer to a call that was signed for a service that is not here. Without
/// it the caller would meet a route of the template, or its 404.
pub(super) fn refusal(headers: &HeaderMap) -> Option<Response> {
    let service = signed_for(headers)?;
    let advice = match service {
        "sqs" | "firehose" => {
            format!("Of {service} only the JSON protocol is spoken here: update the client.")
        }
        "sns" => "Of sns only the query protocol is spoken here: a form for POST /.".to_owned(),
        _ => format!(
            "There is no {service} here. Give the function another endpoint for it, for example with the environment variable AWS_ENDPOINT_URL_{}.",
            service.to_uppercase().replace('-', "_")
        ),
    };
    STRAYED.note(format!("refused an AWS call: {advice}"));
    let document = serde_json::json!({ "__type": "UnknownOperationException", "message": advice });
    let mut response = Response::new(Body::from(document.to_string()));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Some(response)
}

/// The service that a request is signed for, if it is one of AWS's own.
fn signed_for(headers: &HeaderMap) -> Option<&str> {
    scope(headers).filter(|service| !OWN_SERVICES.contains(service))
}

/// The service in the credential scope of a signature of version 4:
/// `AWS4-HMAC-SHA256 Credential=<key>/<date>/<region>/<service>/aws4_request, …`.
fn scope(headers: &HeaderMap) -> Option<&str> {
    let signature = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (_, scope) = signature
        .strip_prefix("AWS4-HMAC-SHA256")?
        .split_once("Credential=")?;
    scope.split(',').next()?.rsplit('/').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(scope: &str) -> HeaderMap {
        let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::try_from(signature).expect("a header"))])
    }

    #[test]
    fn a_signature_names_its_service() {
        assert_eq!(
            signed_for(&signed("local/20260126/us-east-1/sns/aws4_request")),
            Some("sns")
        );
        // A key may contain slashes.
        assert_eq!(
            signed_for(&signed("a/b/20260126/us-east-1/s3/aws4_request")),
            Some("s3")
        );
        assert_eq!(
            signed_for(&signed("local/20260126/us-east-1/execute-api/aws4_request")),
            None
        );
        assert_eq!(signed_for(&signed("nonsense")), None);
        let bearer = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static("Bearer x"))]);
        assert_eq!(signed_for(&bearer), None);
    }
}
