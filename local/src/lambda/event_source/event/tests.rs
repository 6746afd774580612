use std::path::Path;

use super::*;

fn message(id: &str, body: String) -> Message {
    let (name, value) = ("stream".to_owned(), "traces".to_owned());
    Message {
        message_id: id.to_owned(),
        receipt_handle: format!("receipt of {id}"),
        payload_bytes: body.len(),
        body,
        md5_of_body: "d41d8cd98f00b204e9800998ecf8427e".to_owned(),
        attributes: BTreeMap::from([("ApproximateReceiveCount".to_owned(), "1".to_owned())]),
        message_attributes: BTreeMap::from([
            (
                name,
                MessageAttribute {
                    data_type: "String".to_owned(),
                    string_value: Some(value),
                    binary_value: None,
                },
            ),
            (
                "raw".to_owned(),
                MessageAttribute {
                    data_type: "Binary".to_owned(),
                    string_value: None,
                    binary_value: Some(b"hi".to_vec()),
                },
            ),
        ]),
    }
}

fn settings() -> Settings {
    Settings::new(([127, 0, 0, 1], 3000).into(), Path::new(""))
}

#[test]
fn a_record_is_what_lambda_sends() {
    let events = build(vec![message("m", "a\"b\n".to_owned())], "traces", &settings());
    let event: serde_json::Value = serde_json::from_slice(&events[0].payload).expect("JSON");
    let expected = serde_json::json!({ "Records": [{
        "messageId": "m",
        "receiptHandle": "receipt of m",
        "body": "a\"b\n",
        "attributes": { "ApproximateReceiveCount": "1" },
        "messageAttributes": {
            "stream": { "stringValue": "traces", "stringListValues": [], "binaryListValues": [], "dataType": "String" },
            "raw": { "binaryValue": "aGk=", "stringListValues": [], "binaryListValues": [], "dataType": "Binary" },
        },
        "md5OfBody": "d41d8cd98f00b204e9800998ecf8427e",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:traces",
        "awsRegion": "us-east-1",
    }]});
    assert_eq!(event, expected);
}

#[test]
fn what_escaping_makes_too_large_is_split_and_nothing_is_lost() {
    // Every byte doubles: seven of these are 7 MB of JSON.
    let messages = (0..7)
        .map(|n| message(&n.to_string(), "\n".repeat(512 * 1024)))
        .collect();
    let events = build(messages, "traces", &settings());
    assert_eq!(events.len(), 2);
    assert!(
        events
            .iter()
            .all(|event| event.payload.len() <= MAX_PAYLOAD_BYTES)
    );
    let ids: String = events
        .iter()
        .flat_map(|event| &event.messages)
        .map(|handle| handle.id.as_str())
        .collect();
    assert_eq!(ids, "0123456");
    for event in &events {
        serde_json::from_slice::<serde_json::Value>(&event.payload).expect("JSON");
    }
}
