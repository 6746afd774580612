//! What a request writes to the log, and what it never does.

mod support;

use lambda_http::tracing::Level;
use serde_json::{Value, json};
use support::{NoStore, POINT, Queue, ingest, post, request};
use testkit::logged;

/// The lines that the function writes at its most talkative.
async fn lines(event: Value, queue: Queue) -> Vec<String> {
    let ingest = ingest(queue, None::<NoStore>);
    logged(Level::TRACE, ingest.handle(request(&event))).await
}

#[tokio::test]
async fn each_outcome_is_one_line_without_a_place_a_name_or_a_key() {
    let good = POINT.replace("\"a\"", "\"rider-7\"").replace("1.5", "53.408471");
    let bad = good.replace("53.408471", "153.408471");
    let mut wrong_key = post(&good);
    wrong_key["headers"]["x-api-key"] = json!("not-the-key");
    let refusing = Queue {
        refuses: vec![0],
        ..Queue::default()
    };
    let lost = r#"{"_type":"location","lat":53.408471,"lon":200,"tst":1769443022,"topic":"rider-7"}"#;
    let lost_words = r#"nothing stored status=200 items=1 accepted=0 rejected=1 field="lon" reason="must be"#;
    let named = good.replace(
        "\"lat\"",
        &format!("\"rider-7\":{},\"lat\"", "[".repeat(200) + &"]".repeat(200)),
    );
    let other = r#"{"_type":"status"}"#;
    for (event, queue, expected) in [
        (post(&good), Queue::default(), "INFO"),
        (post(&format!("[{good},{bad}]")), Queue::default(), "WARN"),
        (post(&bad), Queue::default(), "WARN"),
        (post(lost), Queue::default(), lost_words),
        (post(&named), Queue::default(), r#"field="extra""#),
        (post(other), Queue::default(), "nothing to store"),
        (post(&good.replace(':', "?")), Queue::default(), "WARN"),
        (wrong_key, Queue::default(), "WARN"),
        (post(&good), refusing, "ERROR"),
    ] {
        let lines = lines(event, queue).await;
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(expected), "{lines:?}");
        for secret in ["53.4", "rider-7", "local-dev-key", "not-the-key"] {
            assert!(!lines[0].contains(secret), "{lines:?}");
        }
    }
}

#[tokio::test]
async fn a_health_check_writes_nothing() {
    assert_eq!(
        lines(support::event_file("trace-ingest-health"), Queue::default()).await,
        Vec::<String>::new()
    );
}
