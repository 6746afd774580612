use super::*;
use crate::message::Undeliverable;

fn letter(attributes: &[(&str, &str)]) -> DeadLetter {
    DeadLetter {
        position: 0,
        message_id: Some("m-1".into()),
        body: "x".into(),
        attributes: attributes
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        trace_header: Some("Root=1".into()),
        reason: Undeliverable::NotNdjson { line: 1 },
    }
}

fn value(attributes: &[(String, String)], name: &str) -> Option<String> {
    attributes
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.clone())
}

#[test]
fn a_letter_keeps_what_it_came_with_and_says_why() {
    let letter = letter(&[("stream", "traces"), ("tenant", "7")]);
    let outgoing = outgoing(&letter);
    assert_eq!(
        (outgoing.body.as_str(), outgoing.trace_header.as_deref()),
        ("x", Some("Root=1"))
    );
    for (name, expected) in [
        (REASON_ATTRIBUTE, "not_ndjson"),
        (DETAIL_ATTRIBUTE, "line 1 is not one JSON object"),
        (SOURCE_ATTRIBUTE, "m-1"),
        ("stream", "traces"),
        ("tenant", "7"),
    ] {
        assert_eq!(value(&outgoing.attributes, name).as_deref(), Some(expected));
    }
}

#[test]
fn a_body_that_leaves_little_room_still_says_why() {
    let mut large = letter(&[("stream", "traces"), ("tenant", "7")]);
    large.body = "x".repeat(MAX_BATCH_BYTES - 40);
    let outgoing = outgoing(&large);
    assert!(outgoing.size() <= MAX_BATCH_BYTES);
    let reason = (REASON_ATTRIBUTE.to_owned(), "not_ndjson".to_owned());
    assert_eq!(outgoing.attributes, [reason]);
}

#[test]
fn there_are_never_more_than_ten_attributes_and_the_stream_stays() {
    let names: Vec<String> = (0..9).map(|n| format!("a{n}")).collect();
    let mut all: Vec<_> = names.iter().map(|name| (name.as_str(), "v")).collect();
    all.push(("stream", "traces"));
    let attributes = attributes(&letter(&all));
    assert_eq!(attributes.len(), 10);
    let detail = "line 1 is not one JSON object; attributes left out: a6, a7, a8";
    assert_eq!(value(&attributes, DETAIL_ATTRIBUTE).as_deref(), Some(detail));
    assert_eq!(value(&attributes, "stream").as_deref(), Some("traces"));
    assert_eq!(
        value(&attributes, REASON_ATTRIBUTE).as_deref(),
        Some("not_ndjson")
    );
}

#[test]
fn a_letter_that_was_buried_before_carries_only_the_newest_reason() {
    let attributes = attributes(&letter(&[
        (REASON_ATTRIBUTE, "no_stream"),
        (SOURCE_ATTRIBUTE, "m-0"),
    ]));
    let names: Vec<_> = attributes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, [REASON_ATTRIBUTE, DETAIL_ATTRIBUTE, SOURCE_ATTRIBUTE]);
    assert_eq!(value(&attributes, SOURCE_ATTRIBUTE).as_deref(), Some("m-1"));
}
