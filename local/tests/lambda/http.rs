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

use crate::support::{Gate, Project, invoke, json as parse, lines, until, until_busy};

pub const ROUTES: &str = "Timeout: 20
Events:
  Post: {Type: HttpApi, Properties: {Method: POST, Path: '/agents/{id}/traces'}}
  Any: {Type: HttpApi, Properties: {Method: ANY, Path: '/any/{proxy+}'}}";

const INVOKE: &str = "POST /2015-03-31/functions/Probe/invocations HTTP/1.1";

pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: Vec<u8>,
}

pub async fn exchange(running: &Running, head: &str, body: &[u8]) -> Answer {
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
    let own = ["/_punctual/", "/2015-03-31/"]
        .iter()
        .any(|path| head.contains(path));
    let host = match head.contains("\r\nhost:") {
        true => String::new(),
        false => format!("\r\nhost: {}", if own { &address } else { "api.example" }),
    };
    let head = format!("{head}{host}\r\nconnection: close\r\n\r\n");
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
async fn an_answer_tells_whether_it_had_to_wait_for_an_environment() {
    let running = Project::new(ROUTES, &[], "").start().await;
    let warm = exchange(&running, "GET /any/one HTTP/1.1", b"").await;
    assert!(
        warm.headers.contains("server-timing: warm, function;dur="),
        "{}",
        warm.headers
    );
    running.lambda().kill("Probe").expect("it is there");
    until("the environment is gone", async || {
        running.lambda().status()[0].environments.is_empty()
    })
    .await;
    let cold = exchange(&running, "GET /any/one HTTP/1.1", b"").await;
    assert!(
        cold.headers.contains("server-timing: cold, init;dur="),
        "{}",
        cold.headers
    );
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
    let gate = Gate::new();
    let event = gate.event();
    let busy = invoke(&running, &event);
    let refused = async {
        until_busy(&running, 1).await;
        let http = exchange(&running, "GET /any/x HTTP/1.1", b"").await;
        let api = exchange(
            &running,
            "POST /2015-03-31/functions/Probe/invocations HTTP/1.1",
            b"{}",
        )
        .await;
        gate.open();
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
    // Whatever is published is the function as it is.
    let qualified = "POST /2015-03-31/functions/Probe/invocations?Qualifier=live HTTP/1.1";
    for head in [qualified, &call("Probe%3A%24LATEST", "RequestResponse")] {
        let done = exchange(&running, head, br#"{"echo":6}"#).await;
        assert_eq!(
            (done.status, &parse(&done.body)["echo"]),
            (200, &json!(6)),
            "{head}"
        );
    }
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
    let gate = Gate::new();
    let event = bytes::Bytes::from(gate.event());
    let accepted = running.lambda().invoke("Probe", event.clone(), InvokeKind::Event);
    accepted.await.expect("accepted");
    let url = running.url();
    let invoked = {
        let url = url.clone();
        tokio::spawn(async move { exchange_at(&url, INVOKE, &event).await })
    };
    until_busy(&running, 2).await;
    let stopped = tokio::spawn(running.stop(Duration::from_secs(20)));
    until("requests are refused", || async {
        exchange_at(&url, "GET /nowhere HTTP/1.1", b"").await.status == 503
    })
    .await;
    let late = format!("{INVOKE}\r\nx-amz-invocation-type: Event");
    assert_eq!(
        exchange_at(&url, &late, b"{}").await.status,
        429,
        "it would be lost"
    );
    assert!(!stopped.is_finished(), "it waits for both");
    gate.open();
    stopped.await.expect("stopped");
    let invoked = invoked.await.expect("no panic");
    assert_eq!((invoked.status, &parse(&invoked.body)["echo"]), (200, &json!(1)));
    assert_eq!(lines(&seen).len(), 2, "neither was killed and tried again");
}

/// The event's function goes on after the gateway's answer; the stop waits for it.
#[tokio::test]
async fn a_stop_waits_for_an_invocation_whose_caller_has_gone() {
    let running = Project::new("Timeout: 20", &[], "").start().await;
    let gate = Gate::new();
    let event = gate.event();
    let head = format!("{INVOKE}\r\ncontent-length: {}", event.len());
    let mut caller = send_head(&running.url(), &head).await;
    caller.write_all(event.as_bytes()).await.expect("sent");
    until_busy(&running, 1).await;
    drop(caller);
    let environment = running.lambda().clone();
    let stopped = tokio::spawn(running.stop(Duration::from_secs(20)));
    // Twenty looks of the drain; a wrong one would end at the first.
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(!stopped.is_finished());
    gate.open();
    stopped.await.expect("stopped");
    assert_eq!(environment.status()[0].errors, 0);
}

#[tokio::test]
async fn web_pages_of_others_may_not_disturb() {
    let running = Project::new(ROUTES, &[], "").start().await;
    let own = running.url();
    for path in ["/_punctual/kill/Probe", "/2015-03-31/functions/Probe/invocations"] {
        for (header, status) in [
            ("origin: https://evil.example".to_owned(), 403),
            ("origin: null".to_owned(), 403),
            ("host: evil.example".to_owned(), 403),
            (format!("origin: {own}"), 200),
        ] {
            let head = format!("POST {path} HTTP/1.1\r\n{header}");
            assert_eq!(exchange(&running, &head, b"{}").await.status, status, "{head}");
        }
    }
}

#[tokio::test]
async fn a_host_that_is_none_reaches_no_function() {
    let running = Project::new(ROUTES, &[], "").start().await;
    for host in ["[", "a b", "", "user@api.example"] {
        let head = format!("GET /any/x HTTP/1.1\r\nhost: {host}");
        let refused = exchange(&running, &head, b"").await;
        assert_eq!(refused.status, 400, "{host}");
        assert_eq!(parse(&refused.body)["status"], 400, "{host}");
    }
    assert_eq!(running.lambda().status()[0].invocations, 0);
}
