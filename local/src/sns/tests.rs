//! What the wire tests cannot see: the file, the faults, the limits to a byte.

use serde_json::{Value, json};

use super::*;
use crate::faults::FaultSettings;

const ARN: &str = "arn:aws:sns:us-east-1:000000000000:alerts";

struct Bench {
    folder: tempfile::TempDir,
    faults: Faults,
    sns: Sns,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let faults = Faults::default();
        let sns = open(folder.path(), &faults);
        Self { folder, faults, sns }
    }

    /// Status and body of one call.
    async fn call(&self, parameters: &[(&str, &str)]) -> (u16, String) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(parameters);
        let response = self.sns.handle(form.finish().into()).await;
        let body = String::from_utf8(response.body().to_vec()).expect("text");
        (response.status().as_u16(), body)
    }

    async fn publish(&self, parameters: &[(&str, &str)]) -> (u16, String) {
        let always = [
            ("Action", "Publish"),
            ("Version", "2010-03-31"),
            ("TopicArn", ARN),
        ];
        self.call(&[&always, parameters].concat()).await
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.folder.path().join("alerts.ndjson")).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect()
    }
}

fn open(folder: &Path, faults: &Faults) -> Sns {
    let settings = SnsSettings {
        account_id: "000000000000".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let sns = Sns::open(folder, settings, faults.clone()).expect("opened");
    let name = "alerts".to_owned();
    sns.create_topic(&template::Topic { name }).expect("created");
    sns
}

#[tokio::test]
async fn a_published_message_is_a_line_in_the_topics_file() {
    let bench = Bench::new();
    let (status, answer) = bench
        .publish(&[
            ("Subject", "Lessons are late"),
            ("Message", "3 of 10,000\n<overdue>"),
            ("MessageAttributes.entry.1.Name", "run"),
            ("MessageAttributes.entry.1.Value.DataType", "Number"),
            ("MessageAttributes.entry.1.Value.StringValue", "7"),
            ("MessageAttributes.entry.2.Name", "raw"),
            ("MessageAttributes.entry.2.Value.DataType", "Binary"),
            ("MessageAttributes.entry.2.Value.BinaryValue", "AP8="),
        ])
        .await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(bench.publish(&[("Message", "all is well")]).await.0, 200);
    let mut lines = bench.lines();
    for line in &mut lines {
        let line = line.as_object_mut().expect("a map");
        let id = line
            .remove("message_id")
            .and_then(|id| Some(id.as_str()?.to_owned()));
        assert_eq!(id.map(|id| id.len()), Some(36));
        let time = line
            .remove("time")
            .and_then(|time| time.as_str()?.parse::<jiff::Timestamp>().ok());
        assert!(time.is_some());
    }
    assert_eq!(
        lines,
        [
            json!({
                "subject": "Lessons are late", "message": "3 of 10,000\n<overdue>",
                "attributes": {
                    "run": { "type": "Number", "value": "7" },
                    "raw": { "type": "Binary", "value": "AP8=" },
                },
            }),
            json!({ "message": "all is well" }),
        ]
    );
    assert_eq!(bench.sns.stats(), BTreeMap::from([("alerts".to_owned(), 2)]));
}

#[tokio::test]
async fn limits_hold_to_the_byte() {
    let bench = Bench::new();
    let attribute = [
        ("MessageAttributes.entry.1.Name", "name"),
        ("MessageAttributes.entry.1.Value.DataType", "String"),
        ("MessageAttributes.entry.1.Value.StringValue", "value"),
    ];
    // é is two bytes; the attribute takes 4, 6 and 5.
    let fits = "é".repeat((262_144 - 15) / 2);
    for (message, expected) in [(fits.clone(), 200), (format!("{fits}xx"), 400)] {
        let (status, answer) = bench
            .publish(&[&[("Message", message.as_str())], &attribute[..]].concat())
            .await;
        assert_eq!(status, expected, "{answer}");
    }
    for (subject, expected) in [
        ("é".repeat(100), 200),
        ("é".repeat(101), 400),
        ("a\nb".into(), 400),
    ] {
        let (status, answer) = bench.publish(&[("Message", "m"), ("Subject", &subject)]).await;
        assert_eq!(status, expected, "{answer}");
    }
}

#[tokio::test]
async fn what_sns_refuses_is_refused_in_its_shape() {
    let bench = Bench::new();
    let attribute = |part: &'static str, value: &'static str| {
        vec![
            ("Message", "m"),
            ("MessageAttributes.entry.1.Name", "a"),
            (
                "MessageAttributes.entry.1.Value.DataType",
                if part == "DataType" { value } else { "Binary" },
            ),
            (
                "MessageAttributes.entry.1.Value.BinaryValue",
                if part == "BinaryValue" { value } else { "AA==" },
            ),
        ]
    };
    for (parameters, expected) in [
        (
            vec![],
            "<Code>InvalidParameter</Code><Message>Invalid parameter: Empty message</Message>",
        ),
        (
            vec![("Message", "{}"), ("MessageStructure", "json")],
            "No default entry in JSON message body",
        ),
        (
            vec![("Message", "m"), ("PhoneNumber", "+44")],
            "the local SNS has topics only",
        ),
        (
            attribute("DataType", "List"),
            "<Code>ParameterValueInvalid</Code><Message>The message attribute 'a'",
        ),
        (attribute("BinaryValue", "?"), "its BinaryValue is not base64"),
    ] {
        let (status, answer) = bench.publish(&parameters).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer.contains(expected), "{answer}");
        assert!(answer.contains("<Type>Sender</Type>"), "{answer}");
    }
    let (status, answer) = bench.call(&[("Action", "Sub<scribe")]).await;
    assert_eq!(status, 400);
    assert!(
        answer.contains("<Code>InvalidAction</Code><Message>The action Sub&lt;scribe is not known"),
        "{answer}"
    );
    assert_eq!(bench.lines(), [] as [Value; 0]);
}

#[tokio::test]
async fn a_fault_refuses_calls_and_stores_nothing() {
    let bench = Bench::new();
    let faults = FaultSettings {
        sns_failed_calls: 1.0,
        ..FaultSettings::default()
    };
    bench.faults.set(faults).expect("a share");
    let (status, answer) = bench.publish(&[("Message", "m")]).await;
    assert_eq!(status, 503);
    assert!(
        answer.contains("<Type>Receiver</Type><Code>ServiceUnavailable</Code>"),
        "{answer}"
    );
    assert_eq!(bench.lines(), [] as [Value; 0]);
}

#[tokio::test]
async fn a_torn_line_is_cut_off_at_the_next_start() {
    let bench = Bench::new();
    assert_eq!(bench.publish(&[("Message", "whole")]).await.0, 200);
    let path = bench.folder.path().join("alerts.ndjson");
    let whole = fs::read(&path).expect("a file");
    fs::write(&path, [&whole[..], br#"{"message_id":"4"#].concat()).expect("written");
    let again = Bench {
        sns: open(bench.folder.path(), &bench.faults),
        ..bench
    };
    assert_eq!(again.publish(&[("Message", "next")]).await.0, 200);
    let messages: Vec<Value> = again
        .lines()
        .into_iter()
        .map(|line| line["message"].clone())
        .collect();
    assert_eq!(messages, ["whole", "next"]);
}

#[tokio::test]
async fn a_disk_that_fails_is_an_error_of_the_service() {
    let bench = Bench::new();
    fs::create_dir(bench.folder.path().join("alerts.ndjson")).expect("a folder");
    let (status, answer) = bench.publish(&[("Message", "m")]).await;
    assert_eq!(status, 500);
    assert!(answer.contains("<Code>InternalError</Code>"), "{answer}");
}

#[tokio::test]
async fn a_batch_is_refused_as_a_whole_or_message_by_message() {
    let bench = Bench::new();
    let batch = async |entries: &[(&str, &str)]| {
        let always = [("Action", "PublishBatch"), ("TopicArn", ARN)];
        bench.call(&[&always, entries].concat()).await
    };
    let (status, answer) = batch(&[]).await;
    assert_eq!(status, 400);
    assert!(answer.contains("<Code>EmptyBatchRequest</Code>"), "{answer}");
    for (first, second, code) in [
        ("a", "a", "BatchEntryIdsNotDistinct"),
        ("a b", "c", "InvalidBatchEntryId"),
    ] {
        let (status, answer) = batch(&[
            ("PublishBatchRequestEntries.member.1.Id", first),
            ("PublishBatchRequestEntries.member.1.Message", "m"),
            ("PublishBatchRequestEntries.member.2.Id", second),
            ("PublishBatchRequestEntries.member.2.Message", "m"),
        ])
        .await;
        assert_eq!(status, 400);
        assert!(answer.contains(code), "{answer}");
    }
    assert!(bench.lines().is_empty());
    let (status, answer) = batch(&[
        ("PublishBatchRequestEntries.member.1.Id", "good"),
        ("PublishBatchRequestEntries.member.1.Message", "m"),
        ("PublishBatchRequestEntries.member.2.Id", "bad"),
        ("PublishBatchRequestEntries.member.2.Message", ""),
    ])
    .await;
    assert_eq!(status, 200);
    assert!(answer.contains("<Successful><member><Id>good</Id>"), "{answer}");
    assert!(
        answer.contains("<Failed><member><Id>bad</Id><Code>InvalidParameter</Code>"),
        "{answer}"
    );
    assert_eq!(bench.lines().len(), 1);
}
