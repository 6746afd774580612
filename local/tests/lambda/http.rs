//! HTTP in, event of payload format 2.0 out, and the gateway's own answers.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use local::lambda::InvokeKind;
use local::stack::Running;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Project, invoke, json as parse, lines, until, until_busy};

const ROUTES: &str = "Timeout: 20
Events:
  Post: {Type: HttpApi, Properties: {Method: POST, Path: '/agents/{id}/traces'}}
  Any: {Type: HttpApi, Properties: {Method: ANY, Path: '/any/{proxy+}'}}";

struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

async fn exchange(running: &Running, head: &str, body: &[u8]) -> Answer {
    exchange_at(&running.url(), head, body).await
}

/// One request on one connection, so that every header is under control.
async fn exchange_at(url: &str, head: &str, body: &[u8]) -> Answer {
    let head = format!("{head}\r\ncontent-length: {}", body.len());
    let mut stream = send_head(url, &head).await;
    stream.write_all(body).await.expect("sent");
    receive(stream).await
}

/// A request whose body is not sent.
async fn exchange_head(url: &str, head: &str) -> Answer {
    receive(send_head(url, head).await).await
}

async fn send_head(url: &str, head: &str) -> TcpStream {
    let address = url.replace("http://", "");
    let mut stream = TcpStream::connect(&address).await.expect("connected");
    let head = format!("{head}\r\nhost: api.example\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream
}

async fn receive(mut stream: TcpStream) -> Answer {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("answered");
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a head");
    let headers = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    Answer {
        status: headers
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .expect("a status"),
        headers,
        body: answer[end + 4..].to_vec(),
    }
}

#[tokio::test]
async fn a_request_becomes_the_documented_event() {
    let running = Project::new(ROUTES, &[], "").start().await;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(br#"{"lat":1}"#).expect("compressed");
    let body = gzip.finish().expect("compressed");
    let head = "POST /agents/a%20b/traces?x=1&x=2&name=%C3%A9&empty= HTTP/1.1\r\n\
        X-Api-Key: k\r\nAccept: a\r\nAccept: b\r\nCookie: one=1; two=2\r\nUser-Agent: test\r\n\
        Content-Type: application/json\r\nContent-Encoding: gzip\r\nX-Amzn-Trace-Id: Root=1-5-6";
    let answer = exchange(&running, head, &body).await;
    assert_eq!(answer.status, 200);
    let mut event = parse(&answer.body);
    let context = &mut event["requestContext"];
    assert!(
        context["timeEpoch"]
            .as_u64()
            .is_some_and(|ms| ms > 1_700_000_000_000)
    );
    assert!(
        context["time"]
            .as_str()
            .is_some_and(|time| time.ends_with(" +0000"))
    );
    assert_eq!(context["requestId"].as_str().map(str::len), Some(36));
    for dynamic in ["timeEpoch", "time", "requestId"] {
        context[dynamic] = Value::Null;
    }
    let port = running.url().rsplit(':').next().expect("a port").to_owned();
    let encoded = base64(&body);
    let expected = json!({
        "version": "2.0",
        "routeKey": "POST /agents/{id}/traces",
        "rawPath": "/agents/a%20b/traces",
        "rawQueryString": "x=1&x=2&name=%C3%A9&empty=",
        "cookies": ["one=1", "two=2"],
        "headers": {
            "x-api-key": "k",
            "accept": "a,b",
            "user-agent": "test",
            "content-type": "application/json",
            "content-encoding": "gzip",
            "content-length": body.len().to_string(),
            "host": "api.example",
            "x-amzn-trace-id": "Root=1-5-6",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": port,
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": { "x": "1,2", "name": "é", "empty": "" },
        "pathParameters": { "id": "a b" },
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "domainName": "api.example",
            "domainPrefix": "api",
            "http": {
                "method": "POST",
                "path": "/agents/a%20b/traces",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "test",
            },
            "requestId": null,
            "routeKey": "POST /agents/{id}/traces",
            "stage": "$default",
            "time": null,
            "timeEpoch": null,
        },
        "body": encoded,
        "isBase64Encoded": true,
    });
    assert_eq!(event, expected);
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(bytes)
}

#[tokio::test]
async fn text_stays_text_and_anything_else_is_base64() {
    let running = Project::new(ROUTES, &[], "").start().await;
    for (content_type, body, text) in [
        ("application/json", &b"{}"[..], true),
        ("application/json; charset=utf-8", b"{}", true),
        ("application/geo+json", b"{}", true),
        ("text/csv", b"a,b", true),
        ("text/plain", b"\xff\xfe", false),
        ("application/octet-stream", b"abc", false),
        ("application/x-www-form-urlencoded", b"a=b", false),
    ] {
        let head = format!("PUT /any/thing HTTP/1.1\r\ncontent-type: {content_type}");
        let event = parse(&exchange(&running, &head, body).await.body);
        assert_eq!(event["isBase64Encoded"], !text, "{content_type}");
        let expected = match text {
            true => String::from_utf8_lossy(body).into_owned(),
            false => base64(body),
        };
        assert_eq!(event["body"], expected, "{content_type}");
        assert_eq!(event["routeKey"], "ANY /any/{proxy+}");
    }
    let event = parse(&exchange(&running, "GET /any/a/b HTTP/1.1", b"").await.body);
    assert_eq!(event.get("body"), None);
    assert_eq!(event["pathParameters"]["proxy"], "a/b");
    assert!(
        event["headers"]["x-amzn-trace-id"]
            .as_str()
            .is_some_and(|id| id.starts_with("Root=1-"))
    );
}

#[tokio::test]
async fn the_functions_response_is_sent_as_it_says() {
    let answer = r#"{"statusCode":202,"headers":{"x-kind":"probe"},"cookies":["a=1"],"body":"aGk=","isBase64Encoded":true}"#;
    let running = Project::new(ROUTES, &[("PROBE_ANSWER", answer)], "")
        .start()
        .await;
    let answer = exchange(&running, "GET /any/x HTTP/1.1", b"").await;
    assert_eq!((answer.status, answer.body.as_slice()), (202, &b"hi"[..]));
    assert!(answer.headers.contains("x-kind: probe") && answer.headers.contains("set-cookie: a=1"));
}

#[tokio::test]
async fn the_gateway_answers_what_no_function_can() {
    let running = Project::new(ROUTES, &[("PROBE_ANSWER", r#"{"statusCode":1}"#)], "")
        .start()
        .await;
    let not_found = exchange(&running, "GET /nowhere HTTP/1.1", b"").await;
    assert_eq!(not_found.status, 404);
    assert_eq!(parse(&not_found.body), json!({ "message": "Not Found" }));

    let broken = exchange(&running, "GET /any/x HTTP/1.1", b"").await;
    assert_eq!(broken.status, 500);
    assert_eq!(parse(&broken.body), json!({ "message": "Internal Server Error" }));

    // 5 MiB of text with quotes is 10 MiB of event.
    let head = "POST /any/x HTTP/1.1\r\ncontent-type: text/plain";
    let too_much_event = "\"".repeat(5 * 1024 * 1024);
    let refused = exchange(&running, head, too_much_event.as_bytes()).await;
    assert_eq!(refused.status, 413);
    assert_eq!(parse(&refused.body)["status"], 413);
}

/// By a client that reads only once it has written everything, as most do.
#[tokio::test]
async fn a_body_that_is_too_large_gets_its_answer() {
    let running = Project::new(ROUTES, &[], "").start().await;
    let over = [
        ("/any/x", 10 * 1024 * 1024 + 1),
        ("/any/x", 32 * 1024 * 1024),
        ("/2015-03-31/functions/Probe/invocations", 11 * 1024 * 1024),
    ];
    for (path, bytes) in over {
        let url = format!("{}{path}", running.url());
        let refused = tokio::task::spawn_blocking(move || {
            let post = ureq::post(url).config().http_status_as_error(false).build();
            let mut refused = post.send(vec![b'x'; bytes])?;
            Ok::<_, ureq::Error>((refused.status(), refused.body_mut().read_to_string()?))
        });
        let (status, body) = refused.await.expect("no panic").expect("an answer");
        assert_eq!(status, 413, "{body}");
    }
    let asks_first = "POST /any/x HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 99999999";
    let refused = exchange_head(&running.url(), asks_first).await;
    assert_eq!(refused.status, 413);
    assert!(
        refused.headers.contains("application/problem+json"),
        "{}",
        refused.headers
    );
}

#[tokio::test]
async fn throttling_is_a_503_over_http_and_a_429_over_the_invoke_api() {
    let routes = format!("{ROUTES}\nReservedConcurrentExecutions: 1");
    let running = Project::new(&routes, &[], "").start().await;
    let busy = invoke(&running, r#"{"sleep_ms":500}"#);
    let refused = async {
        until_busy(&running, 1).await;
        let http = exchange(&running, "GET /any/x HTTP/1.1", b"").await;
        let api = exchange(
            &running,
            "POST /2015-03-31/functions/Probe/invocations HTTP/1.1",
            b"{}",
        )
        .await;
        (http, api)
    };
    let (_, (http, api)) = tokio::join!(busy, refused);
    assert_eq!(http.status, 503);
    assert!(http.headers.contains("retry-after: 1"), "{}", http.headers);
    assert_eq!(api.status, 429);
    assert!(
        api.headers.contains("x-amzn-errortype: toomanyrequestsexception"),
        "{}",
        api.headers
    );
}

#[tokio::test]
async fn the_invoke_api_speaks_aws_rest_json() {
    let running = Project::new(ROUTES, &[], "").start().await;
    let call = |name: &str, kind: &str| {
        format!("POST /2015-03-31/functions/{name}/invocations HTTP/1.1\r\nx-amz-invocation-type: {kind}")
    };
    let done = exchange(&running, &call("Probe", "RequestResponse"), br#"{"echo":5}"#).await;
    assert_eq!((done.status, &parse(&done.body)["echo"]), (200, &json!(5)));
    let failed = exchange(&running, &call("Probe", "RequestResponse"), br#"{"fail":"no"}"#).await;
    assert_eq!(failed.status, 200);
    assert!(
        failed.headers.contains("x-amz-function-error: unhandled"),
        "{}",
        failed.headers
    );
    let arn = "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3AProbe";
    assert_eq!(exchange(&running, &call(arn, "Event"), b"{}").await.status, 202);
    assert_eq!(
        exchange(&running, &call("Probe", "DryRun"), b"{}").await.status,
        204
    );
    let invalid = exchange(&running, &call("Probe", "RequestResponse"), b"{").await;
    assert_eq!(invalid.status, 400);
    assert!(
        invalid.headers.contains("invalidrequestcontentexception"),
        "{}",
        invalid.headers
    );
    let unknown = exchange(&running, &call("Nobody", "RequestResponse"), b"{}").await;
    assert_eq!(unknown.status, 404);
    assert!(
        unknown.headers.contains("resourcenotfoundexception"),
        "{}",
        unknown.headers
    );
}

#[tokio::test]
async fn a_stale_or_unknown_runtime_call_is_refused() {
    let running = Project::new(ROUTES, &[], "").start().await;
    let environment = running.lambda().status()[0].environments[0].id.clone();
    let id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
    let path = format!("POST /.runtime/{environment}/2018-06-01/runtime/invocation/{id}/response HTTP/1.1");
    let stale = exchange(&running, &path, b"{}").await;
    assert_eq!(
        (stale.status, &parse(&stale.body)["errorType"]),
        (400, &json!("InvalidRequestID"))
    );
    let nobody = "GET /.runtime/nobody/2018-06-01/runtime/invocation/next HTTP/1.1";
    assert_eq!(exchange(&running, nobody, b"").await.status, 404);
}

#[tokio::test]
async fn the_admin_routes_show_and_disturb() {
    let running = Project::new(ROUTES, &[], "").start().await;
    let status = parse(
        &exchange(&running, "GET /_punctual/status HTTP/1.1", b"")
            .await
            .body,
    );
    assert_eq!(status["functions"]["Probe"]["environments"][0]["state"], "idle");
    let faults = exchange(
        &running,
        "PUT /_punctual/faults HTTP/1.1",
        br#"{"killed_invocations":0.5}"#,
    )
    .await;
    assert_eq!(parse(&faults.body)["killed_invocations"], 0.5);
    let refused = exchange(
        &running,
        "PUT /_punctual/faults HTTP/1.1",
        br#"{"killed_invocations":2}"#,
    )
    .await;
    assert_eq!(refused.status, 400);
    let killed = exchange(&running, "POST /_punctual/kill/Probe HTTP/1.1", b"").await;
    assert_eq!(parse(&killed.body)["killed"], 1);
}

#[tokio::test]
async fn a_draining_stack_refuses_requests_and_ends_what_it_accepted() {
    let notes = tempfile::tempdir().expect("temporary directory");
    let seen = notes.path().join("seen");
    let variables = [("PROBE_SEEN", &*seen.display().to_string())];
    let running = Project::new(ROUTES, &variables, "").start().await;
    let event = bytes::Bytes::from_static(br#"{"sleep_ms":700,"echo":1}"#);
    let accepted = running.lambda().invoke("Probe", event, InvokeKind::Event);
    accepted.await.expect("accepted");
    until_busy(&running, 1).await;
    let url = running.url();
    let stopped = tokio::spawn(running.stop(Duration::from_secs(10)));
    until("requests are refused", || async {
        exchange_at(&url, "GET /nowhere HTTP/1.1", b"").await.status == 503
    })
    .await;
    assert!(!stopped.is_finished(), "it waits for the event");
    stopped.await.expect("stopped");
    assert_eq!(lines(&seen).len(), 1, "the event was not killed and tried again");
}
