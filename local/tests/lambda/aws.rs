//! Calls of AWS services through the one port: who answers, and who may ask.

use local::stack::Running;
use serde_json::json;

use crate::http::{Answer, ROUTES, exchange};
use crate::support::{Project, invoke, json as parse, lines};

const TOPIC: &str = "Alerts: {Type: AWS::SNS::Topic, Properties: {TopicName: alerts}}";
const FORM: &str = "content-type: application/x-www-form-urlencoded; charset=utf-8";
const PUBLISH: &[u8] =
    b"Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3Aalerts&Message=late";

fn signed(service: &str) -> String {
    format!(
        "authorization: AWS4-HMAC-SHA256 Credential=local/20260126/us-east-1/{service}/aws4_request, Signature=0"
    )
}

async fn post(running: &Running, headers: &[&str], body: &[u8]) -> Answer {
    exchange(
        running,
        &format!("POST / HTTP/1.1\r\n{}", headers.join("\r\n")),
        body,
    )
    .await
}

fn host(running: &Running) -> String {
    format!("host: {}", running.url().replace("http://", ""))
}

#[tokio::test]
async fn a_topic_takes_messages_and_its_function_knows_its_name() {
    let project = Project::new("", &[], TOPIC);
    let template = std::fs::read_to_string(&project.options.template).expect("a template");
    let variables = "      Environment: {Variables: {ALERT_TOPIC_ARN: !Ref Alerts}}\n  Alerts:";
    std::fs::write(
        &project.options.template,
        template.replace("  Alerts:", variables),
    )
    .expect("written");
    let running = project.start().await;
    let output = invoke(&running, r#"{"environment":["ALERT_TOPIC_ARN"]}"#).await;
    assert_eq!(
        parse(&output.payload),
        json!(["arn:aws:sns:us-east-1:000000000000:alerts"])
    );

    let (host, signature) = (host(&running), signed("sns"));
    for headers in [&[FORM, &host][..], &[FORM, &host, &signature]] {
        let answer = post(&running, headers, PUBLISH).await;
        let text = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "{text}");
        assert!(
            text.starts_with("<PublishResponse xmlns=") && text.contains("<MessageId>"),
            "{text}"
        );
    }
    let file = project.options.data_dir.join("sns/alerts.ndjson");
    let messages: Vec<_> = lines(&file)
        .iter()
        .map(|line| parse(line.as_bytes())["message"].clone())
        .collect();
    assert_eq!(messages, ["late", "late"]);
    let status = exchange(&running, "GET /_punctual/status HTTP/1.1", b"").await;
    assert_eq!(parse(&status.body)["topics"], json!({ "alerts": 2 }));
}

#[tokio::test]
async fn a_web_page_publishes_nothing() {
    let project = Project::new("", &[], TOPIC);
    let running = project.start().await;
    let host = host(&running);
    for headers in [
        &[FORM, &host, "origin: https://evil.example"][..],
        &[FORM, "host: evil.example"],
    ] {
        assert_eq!(post(&running, headers, PUBLISH).await.status, 403, "{headers:?}");
    }
    assert!(!project.options.data_dir.join("sns/alerts.ndjson").exists());
}

#[tokio::test]
async fn a_form_without_a_signature_is_the_functions_where_a_route_takes_it() {
    let routes = format!("{ROUTES}\n  Root: {{Type: HttpApi, Properties: {{Path: /, Method: POST}}}}");
    let running = Project::new(&routes, &[], TOPIC).start().await;
    let host = host(&running);
    let mine = post(&running, &[FORM, &host], PUBLISH).await;
    assert_eq!((mine.status, &parse(&mine.body)["rawPath"]), (200, &json!("/")));
    let own = signed("execute-api");
    assert_eq!(post(&running, &[FORM, &host, &own], PUBLISH).await.status, 200);
    assert_eq!(running.lambda().status()[0].invocations, 2);
    let signature = signed("sns");
    let answer = post(&running, &[FORM, &host, &signature], PUBLISH).await;
    assert!(answer.body.starts_with(b"<PublishResponse"));
}

#[tokio::test]
async fn the_old_protocol_of_sqs_is_told_whether_it_is_signed_or_not() {
    let running = Project::new("", &[], TOPIC).start().await;
    let (host, signature) = (host(&running), signed("sqs"));
    for headers in [&[FORM, &host][..], &[FORM, &host, &signature]] {
        let refused = post(&running, headers, b"Action=ListQueues&Version=2012-11-05").await;
        assert_eq!(refused.status, 400);
        let message = parse(&refused.body)["message"].as_str().expect("text").to_owned();
        assert!(message.ends_with("update the client."), "{message}");
    }
}

#[tokio::test]
async fn a_call_of_a_service_that_is_not_here_is_told() {
    let routes = format!("{ROUTES}\n  All: {{Type: HttpApi, Properties: {{Path: $default, Method: ANY}}}}");
    let running = Project::new(&routes, &[], "").start().await;
    for (service, words) in [
        ("dynamodb", "AWS_ENDPOINT_URL_DYNAMODB"),
        ("sns", "Of sns only the query protocol is spoken here"),
    ] {
        let refused = post(&running, &[&signed(service)], b"{}").await;
        assert_eq!(refused.status, 400);
        let message = parse(&refused.body)["message"].as_str().expect("text").to_owned();
        assert!(message.contains(words), "{message}");
    }
    // A route that checks signatures, and a header that is nobody's protocol, are the function's.
    let other = "POST /any/x HTTP/1.1\r\nx-amz-target: Other.Action";
    assert_eq!(post(&running, &[&signed("execute-api")], b"{}").await.status, 200);
    assert_eq!(exchange(&running, other, b"{}").await.status, 200);
}
