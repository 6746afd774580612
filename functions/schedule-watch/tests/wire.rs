//! Wire-level: the real clients against servers that misbehave.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use aws_types::SdkConfig;
use jiff::Timestamp;
use schedule_watch::{
    message::Message,
    parameter::Parameter,
    persist::ATTEMPTS,
    replay::{PublishFunction, Replay, Replays as _},
    slack::{Webhook, WebhookUrl},
    sns::Topic,
    tell::Messenger as _,
};
use serde_json::{Value, json};
use shared::{
    aws,
    config::Env,
    refusal::Refusal,
    transport::Transport,
    warmup::{Ping, WarmUp},
};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate, matchers::any};

const ATTEMPT: Duration = Duration::from_millis(250);
const SECRET: &str = "T0/B0/s3cret";

/// Answers each call with the next step; the last one repeats.
#[derive(Clone)]
struct Script(Arc<Mutex<Vec<ResponseTemplate>>>);

impl Respond for Script {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut steps = self.0.lock().expect("no panic while held");
        match steps.len() {
            1 => steps[0].clone(),
            _ => steps.remove(0),
        }
    }
}

async fn server(steps: impl Into<Vec<ResponseTemplate>>) -> MockServer {
    let server = MockServer::start().await;
    let script = Script(Arc::new(Mutex::new(steps.into())));
    Mock::given(any()).respond_with(script).mount(&server).await;
    server
}

async fn calls(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.expect("recorded")
}

fn transport() -> Transport {
    Transport::from_env(&Env::of([]), aws::CallTimeouts::default()).expect("no bundle is named")
}

async fn sdk(endpoint: &str) -> SdkConfig {
    let env = Env::of([("AWS_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", endpoint)]);
    let timeouts = aws::CallTimeouts {
        attempt: ATTEMPT,
        ..Default::default()
    };
    let sdk = aws::sdk_config(&env, &transport(), timeouts).expect("a config");
    let key = aws_sdk_sns::config::Credentials::new("a", "b", None, None, "test");
    sdk.into_builder()
        .endpoint_url(endpoint)
        .credentials_provider(aws_sdk_sns::config::SharedCredentialsProvider::new(key))
        .build()
}

fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

fn hang() -> ResponseTemplate {
    status(200).set_delay(Duration::from_secs(60))
}

fn message() -> Message {
    Message {
        subject: "Punctual: 1 lesson not open".to_owned(),
        text: "1 lesson & <more>\nSlot: 2026-11-24T10:30:00Z".to_owned(),
    }
}

mod sns {
    use super::*;

    fn taken() -> ResponseTemplate {
        let xml = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>1\
                   </MessageId></PublishResult></PublishResponse>";
        status(200).set_body_raw(xml, "text/xml")
    }

    fn refused(code: u16, name: &str) -> ResponseTemplate {
        let xml = format!(
            "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type><Code>{name}\
             </Code><Message>no</Message></Error></ErrorResponse>"
        );
        status(code).set_body_raw(xml, "text/xml")
    }

    async fn tell(steps: Vec<ResponseTemplate>) -> (Result<(), Refusal>, Vec<Request>) {
        let server = server(steps).await;
        let client = aws_sdk_sns::Client::new(&sdk(&server.uri()).await);
        let topic = Topic::new(client, "arn:aws:sns:eu-west-1:1:alerts".to_owned());
        let told = topic.tell(&message()).await;
        (told, calls(&server).await)
    }

    #[tokio::test]
    async fn a_message_arrives_with_its_subject() {
        let (told, calls) = tell(vec![taken()]).await;
        assert_eq!((told, calls.len()), (Ok(()), 1));
        let body = String::from_utf8(calls[0].body.clone()).expect("UTF-8");
        for part in [
            "Action=Publish",
            "TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A1%3Aalerts",
            "Subject=Punctual%3A%201%20lesson%20not%20open",
            "Message=1%20lesson%20%26%20%3Cmore%3E%0ASlot",
        ] {
            assert!(body.contains(part), "{part} in {body}");
        }
    }

    #[tokio::test]
    async fn what_passes_is_tried_again() {
        let steps = vec![status(503), hang(), refused(400, "ThrottledException"), taken()];
        let (told, calls) = tell(steps).await;
        assert_eq!((told, calls.len()), (Ok(()), 4));
        assert!(calls.iter().all(|call| call.body == calls[0].body));
    }

    #[tokio::test]
    async fn a_refusal_is_final_and_an_outage_ends_after_some_attempts() {
        let (told, calls) = tell(vec![refused(403, "AuthorizationError")]).await;
        assert_eq!(
            (told, calls.len()),
            (Err(Refusal::permanent("AuthorizationError")), 1)
        );
        let (told, calls) = tell(vec![refused(500, "InternalError")]).await;
        assert_eq!(told, Err(Refusal::passing("InternalError")));
        assert_eq!(calls.len(), ATTEMPTS as usize);
    }

    #[tokio::test]
    async fn a_dead_endpoint_is_given_up_in_time() {
        let started = Instant::now();
        let client = aws_sdk_sns::Client::new(&sdk("http://127.0.0.1:9").await);
        let told = Topic::new(client, "arn".to_owned()).tell(&message()).await;
        assert_eq!(told, Err(Refusal::passing("ConnectionFailed")));
        assert!(started.elapsed() < schedule_watch::persist::BUDGET);
    }
}

mod lambda {
    use super::*;

    async fn ask(steps: Vec<ResponseTemplate>) -> (Result<(), Refusal>, Vec<Request>) {
        let server = server(steps).await;
        let client = aws_sdk_lambda::Client::new(&sdk(&server.uri()).await);
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let replay = Replay {
            from: at("2026-11-24T10:30:00Z"),
            to: at("2026-11-24T10:30:05.25Z"),
            lessons: 7,
        };
        let publisher = PublishFunction::new(client, "schedule-publish".to_owned());
        (publisher.ask(&replay).await, calls(&server).await)
    }

    #[tokio::test]
    async fn the_publisher_is_invoked_without_waiting_for_it() {
        let (asked, calls) = ask(vec![status(202)]).await;
        assert_eq!((asked, calls.len()), (Ok(()), 1));
        assert_eq!(calls[0].method.as_str(), "POST");
        assert_eq!(
            calls[0].url.path(),
            "/2015-03-31/functions/schedule-publish/invocations"
        );
        assert_eq!(calls[0].headers["x-amz-invocation-type"], "Event");
        let expected = json!({"replay": {
            "from": "2026-11-24T10:30:00Z", "to": "2026-11-24T10:30:05.25Z", "reason": "7 overdue",
            "by": "schedule-watch",
        }});
        assert_eq!(calls[0].body_json::<Value>().expect("JSON"), expected);
    }

    #[tokio::test]
    async fn what_passes_is_tried_again_and_a_missing_function_is_not() {
        let throttled = status(429)
            .insert_header("x-amzn-errortype", "TooManyRequestsException")
            .set_body_json(json!({"Message": "slow"}));
        let (asked, calls) = ask(vec![throttled, status(500), hang(), status(202)]).await;
        assert_eq!((asked, calls.len()), (Ok(()), 4));
        let missing = status(404)
            .insert_header("x-amzn-errortype", "ResourceNotFoundException")
            .set_body_json(json!({"Message": "no"}));
        let (asked, calls) = ask(vec![missing]).await;
        assert_eq!(
            (asked, calls.len()),
            (Err(Refusal::permanent("ResourceNotFoundException")), 1)
        );
    }

    #[tokio::test]
    async fn an_answer_that_is_no_202_is_no_promise() {
        let (asked, _) = ask(vec![status(200)]).await;
        assert_eq!(asked, Err(Refusal::passing("Http200")));
    }
}

mod slack {
    use super::*;

    fn webhook(url: String) -> Webhook {
        Webhook::new(WebhookUrl::Given(url.into()), transport(), ATTEMPT)
    }

    async fn tell(steps: Vec<ResponseTemplate>) -> (Result<(), Refusal>, Vec<Request>) {
        let server = server(steps).await;
        let told = webhook(format!("{}/{SECRET}", server.uri()))
            .tell(&message())
            .await;
        (told, calls(&server).await)
    }

    #[tokio::test]
    async fn a_message_arrives_with_slacks_escapes() {
        let (told, calls) = tell(vec![status(200)]).await;
        assert_eq!((told, calls.len()), (Ok(()), 1));
        assert_eq!(calls[0].method.as_str(), "POST");
        assert_eq!(calls[0].url.path(), format!("/{SECRET}"));
        assert_eq!(calls[0].headers["content-type"], "application/json");
        let text = "1 lesson &amp; &lt;more&gt;\nSlot: 2026-11-24T10:30:00Z";
        assert_eq!(
            calls[0].body_json::<Value>().expect("JSON"),
            json!({"text": text})
        );
    }

    #[tokio::test]
    async fn what_passes_is_tried_again() {
        let (told, calls) = tell(vec![status(429), status(503), hang(), status(200)]).await;
        assert_eq!((told, calls.len()), (Ok(()), 4));
    }

    #[tokio::test]
    async fn a_refusal_is_final() {
        for code in [302, 400, 403, 404, 410] {
            let (told, calls) = tell(vec![status(code)]).await;
            assert_eq!(
                (told, calls.len()),
                (Err(Refusal::permanent(format!("Http{code}"))), 1)
            );
        }
    }

    #[tokio::test]
    async fn the_url_is_in_no_error() {
        for (url, code) in [
            (format!("http://127.0.0.1:9/{SECRET}"), "ConnectionFailed"),
            (format!("https://127.0.0.1:9/{SECRET}"), "ConnectionFailed"),
            (format!("http://\u{1f}/{SECRET}"), "NotAUrl"),
            (format!("{SECRET}?"), "NotAUrl"),
        ] {
            let webhook = webhook(url);
            let refusal = webhook.tell(&message()).await.expect_err("nobody there");
            assert_eq!(refusal.code, code);
            assert!(!format!("{refusal:?} {refusal} {webhook:?}").contains("s3cret"));
        }
    }
}

mod ssm {
    use super::*;

    fn parameter(value: &str) -> ResponseTemplate {
        let body = json!({"Parameter": {"Name": "/p/slack", "Type": "SecureString", "Value": value}});
        status(200).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
    }

    fn refused(code: u16, name: &str) -> ResponseTemplate {
        let body = json!({"__type": name, "message": "no"});
        status(code).set_body_raw(body.to_string(), "application/x-amz-json-1.1")
    }

    async fn webhook(ssm: &MockServer) -> Webhook {
        let client = aws_sdk_ssm::Client::new(&sdk(&ssm.uri()).await);
        let parameter = Parameter::new(client, "/p/slack".to_owned());
        Webhook::new(WebhookUrl::Stored(parameter), transport(), ATTEMPT)
    }

    #[tokio::test]
    async fn the_url_is_read_at_the_first_message_decrypted_and_kept() {
        let slack = server([status(200)]).await;
        let ssm = server([parameter(&format!("{}/{SECRET}\n", slack.uri()))]).await;
        let webhook = webhook(&ssm).await;
        assert!(calls(&ssm).await.is_empty());
        for _ in 0..2 {
            assert_eq!(webhook.tell(&message()).await, Ok(()));
        }
        assert_eq!(calls(&slack).await.len(), 2);
        assert_eq!(calls(&slack).await[0].url.path(), format!("/{SECRET}"));
        let reads = calls(&ssm).await;
        assert_eq!(reads.len(), 1);
        assert_eq!(reads[0].headers["x-amz-target"], "AmazonSSM.GetParameter");
        let expected = json!({"Name": "/p/slack", "WithDecryption": true});
        assert_eq!(reads[0].body_json::<Value>().expect("JSON"), expected);
    }

    #[tokio::test]
    async fn a_webhook_that_was_replaced_is_read_again() {
        let slack = server([status(404), status(200)]).await;
        let url = |name: &str| format!("{}/{name}", slack.uri());
        let ssm = server([parameter("none"), parameter(&url("old")), parameter(&url("new"))]).await;
        let webhook = webhook(&ssm).await;
        assert_eq!(webhook.tell(&message()).await, Err(Refusal::permanent("NotAUrl")));
        assert_eq!(webhook.tell(&message()).await, Err(Refusal::permanent("Http404")));
        assert_eq!(webhook.tell(&message()).await, Ok(()));
        let paths: Vec<String> = calls(&slack)
            .await
            .iter()
            .map(|call| call.url.path().to_owned())
            .collect();
        assert_eq!(paths, ["/old", "/new"]);
    }

    #[tokio::test]
    async fn a_parameter_that_cannot_be_read_is_named_and_tried_again_if_that_may_help() {
        let slack = server([status(200)]).await;
        let steps = [
            refused(500, "InternalServerError"),
            hang(),
            parameter(&slack.uri()),
        ];
        let ssm = server(steps).await;
        assert_eq!(webhook(&ssm).await.tell(&message()).await, Ok(()));
        assert_eq!(calls(&ssm).await.len(), 3);
        for (answer, code) in [
            (refused(400, "ParameterNotFound"), "SsmParameterNotFound"),
            (refused(400, "AccessDeniedException"), "SsmAccessDeniedException"),
            (parameter(" "), "SsmEmptyParameter"),
        ] {
            let ssm = server([answer]).await;
            let told = webhook(&ssm).await.tell(&message()).await;
            assert_eq!(
                (told, calls(&ssm).await.len()),
                (Err(Refusal::permanent(code)), 1)
            );
        }
    }
}

mod pings {
    use super::*;

    /// How many failed, and what the server saw.
    async fn ping<'a>(ping: Ping<'a>, server: &MockServer) -> (usize, Vec<Request>) {
        let warm_up = WarmUp::from_env(&Env::of([("WARM_UP", "basic")])).expect("a mode");
        let report = warm_up.run(&[ping]).await;
        (report.failed(), calls(server).await)
    }

    fn sns_error(code: &str) -> ResponseTemplate {
        let body =
            format!("<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code></Error></ErrorResponse>");
        status(400).set_body_raw(body, "text/xml")
    }

    #[tokio::test]
    async fn sns_is_asked_for_a_batch_of_nothing_and_its_refusal_is_an_answer() {
        for (code, failed) in [("EmptyBatchRequest", 0), ("AuthorizationError", 1)] {
            let server = server([sns_error(code)]).await;
            let client = aws_sdk_sns::Client::new(&sdk(&server.uri()).await);
            let topic = Topic::new(client, "arn:aws:sns:eu-west-1:000000000000:alerts".to_owned());
            let (failures, calls) = ping(topic.ping(), &server).await;
            assert_eq!((failures, calls.len()), (failed, 1), "{code}");
            let body = String::from_utf8(calls[0].body.clone()).expect("text");
            assert!(
                body.contains("Action=PublishBatch") && !body.contains("Message"),
                "{body}"
            );
        }
    }

    #[tokio::test]
    async fn the_publisher_is_asked_whether_it_could_be_invoked() {
        let server = server([status(204)]).await;
        let client = aws_sdk_lambda::Client::new(&sdk(&server.uri()).await);
        let publisher = PublishFunction::new(client, "schedule-publish".to_owned());
        let (failures, calls) = ping(publisher.ping(), &server).await;
        assert_eq!((failures, calls.len()), (0, 1));
        assert_eq!(calls[0].headers["x-amz-invocation-type"], "DryRun");
    }

    #[tokio::test]
    async fn slacks_front_page_is_asked_for_and_the_secret_stays_here() {
        let server = server([status(404)]).await;
        let url = format!("{}/services/{SECRET}", server.uri());
        let webhook = Webhook::new(WebhookUrl::Given(url.into()), transport(), ATTEMPT);
        let (failures, calls) = ping(webhook.ping(), &server).await;
        assert_eq!((failures, calls.len()), (0, 1));
        assert_eq!((calls[0].method.as_str(), calls[0].url.path()), ("GET", "/"));
        assert!(calls[0].body.is_empty());
    }
}
