use lambda_http::http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::value::Received;

const NOW: &str = "2026-01-26T16:00:00Z";

fn sender(headers: &[(&'static str, &str)]) -> Sender {
    let header = |(name, value): &(&'static str, &str)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_bytes(value.as_bytes()).expect("a header"),
        )
    };
    let headers = HeaderMap::from_iter(headers.iter().map(header));
    Sender::new(
        "test-key".into(),
        Received::at(NOW.parse().expect("a time")),
        &headers,
    )
}

fn batch(body: &Value) -> Batch {
    parse(body.to_string().as_bytes(), &sender(&[])).expect("a batch")
}

fn stored(batch: &Batch) -> Vec<Value> {
    batch
        .lines
        .iter()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect()
}

fn rejected(batch: &Batch) -> Vec<(usize, &str)> {
    batch
        .rejected
        .iter()
        .map(|item| (item.index, &*item.field))
        .collect()
}

fn refused(body: &[u8]) -> &'static str {
    parse(body, &sender(&[])).expect_err("refused").tag()
}

fn point() -> Value {
    json!({"agent_id": "rider-7", "recorded_at": "2026-01-26T15:57:02Z", "lat": 53.44451, "lon": -2.925173})
}

fn with(field: &str, value: Value) -> Value {
    let mut point = point();
    point[field] = value;
    point
}

#[test]
fn a_native_trace_is_stored_with_everything_that_came() {
    let body = json!({
        "agent_id": "라이더 7", "recorded_at": 1769443022123_i64, "lat": 53.44451, "lon": -2.925173,
        "trace_id": "t-1", "accuracy_m": 5, "altitude_m": -3.5, "vertical_accuracy_m": 2, "speed_mps": 8.3,
        "heading_deg": 53, "battery_pct": 81, "trip": {"id": 1091, "stops": [1, 2]}, "note": null,
    });
    let expected = json!({
        "trace_id": "t-1", "agent_id": "라이더 7", "recorded_at": "2026-01-26T15:57:02.123Z",
        "received_at": "2026-01-26T16:00:00.000Z", "lat": 53.44451, "lon": -2.925173, "accuracy_m": 5.0,
        "altitude_m": -3.5, "vertical_accuracy_m": 2.0, "speed_mps": 8.3, "heading_deg": 53.0,
        "battery_pct": 81.0, "source": "native", "key_id": "test-key",
        "extra": {"note": null, "trip": {"id": 1091, "stops": [1, 2]}},
    });
    assert_eq!(stored(&batch(&body)), [expected]);
}

#[test]
fn one_an_array_and_an_object_of_native_traces_are_the_same() {
    let one = stored(&batch(&point()));
    assert_eq!(stored(&batch(&json!([point()]))), one);
    assert_eq!(stored(&batch(&json!({"traces": [point()]}))), one);
}

#[test]
fn absent_fields_are_left_out() {
    let line = &stored(&batch(&point()))[0];
    let names: Vec<_> = line
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "agent_id",
        "key_id",
        "lat",
        "lon",
        "received_at",
        "recorded_at",
        "source",
        "trace_id",
    ];
    assert_eq!(names, expected);
}

#[test]
fn a_stored_line_sent_again_is_the_same_trace_with_the_same_extra() {
    let first = stored(&batch(&with("shift", json!("night"))));
    let again = stored(&batch(&first[0]));
    for field in ["trace_id", "agent_id", "recorded_at", "lat", "lon"] {
        assert_eq!(again[0][field], first[0][field]);
    }
    assert_eq!(again[0]["extra"]["shift"], "night");
}

#[test]
fn a_bad_trace_names_its_field_and_never_takes_a_neighbour_along() {
    for (bad, field) in [
        (json!(7), "trace"),
        (json!(null), "trace"),
        (json!([]), "trace"),
        (json!({}), "agent_id"),
        (with("agent_id", json!("")), "agent_id"),
        (with("agent_id", json!(7)), "agent_id"),
        (with("agent_id", json!("a\u{0}b")), "agent_id"),
        (with("agent_id", json!("가".repeat(129))), "agent_id"),
        (with("recorded_at", json!("yesterday")), "recorded_at"),
        (with("recorded_at", json!(1_769_443_022)), "recorded_at"),
        (with("recorded_at", json!(true)), "recorded_at"),
        (with("recorded_at", json!("2026-01-28T00:00:00Z")), "recorded_at"),
        (with("lat", json!(91)), "lat"),
        (with("lat", json!("53.4")), "lat"),
        (with("lat", json!(null)), "lat"),
        (with("lon", json!(-180.5)), "lon"),
        (with("trace_id", json!("")), "trace_id"),
        (with("speed_mps", json!(-1)), "speed_mps"),
        (with("heading_deg", json!(361)), "heading_deg"),
        (with("battery_pct", json!(101)), "battery_pct"),
        (with("altitude_m", json!("high")), "altitude_m"),
        (with("blob", json!("x".repeat(1_100_000))), "extra"),
    ] {
        let batch = batch(&json!([point(), bad, point()]));
        assert_eq!(rejected(&batch), [(1, field)]);
        assert_eq!(batch.indices, [0, 2]);
    }
}

#[test]
fn what_json_cannot_say_twice_is_refused() {
    let twice = br#"[{"agent_id":"a","agent_id":"b","recorded_at":"2026-01-26T15:57:02Z","lat":1,"lon":1}]"#;
    let batch = parse(twice, &sender(&[])).expect("a batch");
    assert_eq!(rejected(&batch), [(0, "trace")]);
}

#[test]
fn bodies_that_are_no_traces_are_told_apart() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let deep_object = format!(
        r#"{{"traces":[{}1{}]}}"#,
        r#"{"a":"#.repeat(10_000),
        "}".repeat(10_000)
    );
    for (body, tag) in [
        ("not json", "not-json"),
        ("7", "not-json"),
        ("\"text\"", "not-json"),
        ("{\"agent_id\":", "not-json"),
        ("[{\"lat\": NaN}", "not-json"),
        ("{\"traces\": 7}", "not-json"),
        ("{\"locations\": {}}", "not-json"),
        ("[]", "no-traces"),
        ("{\"traces\": []}", "no-traces"),
    ] {
        assert_eq!(refused(body.as_bytes()), tag, "{body}");
    }
    assert_eq!(refused(b"[\"\xff\"]"), "not-json");
    for deep in [deep, deep_object] {
        let batch = parse(deep.as_bytes(), &sender(&[])).expect("an array with one bad item");
        assert_eq!(batch.lines.len(), 0);
        assert_eq!(batch.rejected.len(), 1);
    }
}

#[test]
fn a_number_that_is_none_takes_no_neighbour_along() {
    let good = point();
    let odd = |lat: &str, note: &str| {
        format!(r#"{{"agent_id":"a","recorded_at":1769443022000,"lat":{lat},"lon":1,"note":{note}}}"#)
    };
    let body = format!("[{good},{},{good},{}]", odd("NaN", "1"), odd("1", "-Infinity"));
    let batch = parse(body.as_bytes(), &sender(&[])).expect("a batch");
    assert_eq!(rejected(&batch), [(1, "lat")]);
    assert_eq!(batch.indices, [0, 2, 3]);
    assert_eq!(stored(&batch)[2]["extra"]["note"], "-Infinity");
}

#[test]
fn ten_thousand_traces_are_taken_and_one_more_is_not() {
    let body = |n| serde_json::to_vec(&vec![point(); n]).expect("JSON");
    assert_eq!(
        parse(&body(10_000), &sender(&[])).expect("a batch").lines.len(),
        10_000
    );
    assert_eq!(refused(&body(10_001)), "too-many-traces");
}

#[test]
fn what_sqs_would_refuse_is_escaped_and_means_the_same() {
    let mut odd = point();
    odd["note\u{ffff}"] = json!("a\u{fffe}b");
    let batch = batch(&json!([odd]));
    assert!(!batch.lines[0].contains(['\u{fffe}', '\u{ffff}']));
    assert_eq!(stored(&batch)[0]["extra"]["note\u{ffff}"], "a\u{fffe}b");
    assert_eq!(
        rejected(&self::batch(&json!([with("agent_id", json!("a\u{ffff}"))]))),
        [(0, "agent_id")]
    );
}

#[test]
fn what_is_wrong_is_said_without_the_value_and_in_few_bytes() {
    let long = "a".repeat(1 << 20);
    let bad_number =
        format!(r#"{{"agent_id":"a","recorded_at":1769443022000,"lat":1,"lon":1,"{long}":1e999}}"#);
    for body in [
        format!("\"{long}\""),
        format!("{{\"traces\":\"{long}\"}}"),
        format!("[\"{long}\"]"),
        format!("[{}]", ["53.44451"; 10].join(",")),
        bad_number,
        "{\"traces\": 53.44451}".into(),
    ] {
        let said = match parse(body.as_bytes(), &sender(&[])) {
            Ok(batch) => serde_json::to_string(&batch.rejected).expect("JSON"),
            Err(error) => error.to_string(),
        };
        assert!(
            said.len() < 2_000 && !said.contains("53.4"),
            "{}",
            &said[..said.len().min(300)]
        );
    }
}

#[test]
fn deep_extras_are_refused_and_their_neighbours_kept() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let good = point();
    let body =
        format!(r#"[{good},{{"agent_id":"a","recorded_at":1769443022000,"lat":1,"lon":1,"x":{deep}}}]"#);
    let batch = parse(body.as_bytes(), &sender(&[])).expect("a batch");
    assert_eq!(rejected(&batch), [(1, "x")]);
    assert_eq!(batch.lines.len(), 1);
}

#[test]
fn an_owntracks_location_is_understood() {
    let body = json!({
        "_type": "location", "lat": 48.85833, "lon": 2.29513, "tst": 1769443022, "acc": 12, "alt": 154,
        "vac": 3, "vel": 54, "cog": 271, "batt": 67, "bs": 1, "conn": "m", "tid": "JJ", "t": "u",
        "topic": "owntracks/jane/phone", "inregions": ["Home"],
    });
    let expected = json!({
        "agent_id": "jane/phone", "recorded_at": "2026-01-26T15:57:02.000Z",
        "received_at": "2026-01-26T16:00:00.000Z", "lat": 48.85833, "lon": 2.29513, "accuracy_m": 12.0,
        "altitude_m": 154.0, "vertical_accuracy_m": 3.0, "speed_mps": 15.0, "heading_deg": 271.0,
        "battery_pct": 67.0, "source": "owntracks", "key_id": "test-key",
        "extra": {"bs": 1, "conn": "m", "inregions": ["Home"], "t": "u", "tid": "JJ"},
    });
    let mut line = stored(&batch(&body)).remove(0);
    line.as_object_mut().expect("an object").remove("trace_id");
    assert_eq!(line, expected);
}

#[test]
fn owntracks_names_its_agent_by_header_topic_tid_or_key() {
    let location = json!({"_type": "location", "lat": 1, "lon": 1, "tst": 1769443022});
    let mut full = location.clone();
    full["topic"] = json!("owntracks/jane/phone");
    full["tid"] = json!("JJ");
    let mut tid = location.clone();
    tid["tid"] = json!("JJ");
    let both = [("x-limit-u", "bob"), ("x-limit-d", "tablet")];
    for (body, headers, agent) in [
        (&full, &both[..], "bob/tablet"),
        (&full, &both[..1], "bob"),
        (&full, &both[1..], "tablet"),
        (&full, &[("x-limit-u", "지수")], "지수"),
        (&full, &[], "jane/phone"),
        (&tid, &[], "JJ"),
        (&location, &[], "test-key"),
    ] {
        let batch = parse(body.to_string().as_bytes(), &sender(headers)).expect("a batch");
        assert_eq!(stored(&batch)[0]["agent_id"], agent);
    }
}

#[test]
fn every_other_owntracks_message_and_an_empty_body_is_dropped_without_complaint() {
    let types = "beacon card cmd configuration dump lwt request status steps transition waypoint \
                 waypoints something-new";
    for kind in types.split_whitespace() {
        let batch = batch(&json!({"_type": kind, "lat": 1, "lon": 1, "tst": 1769443022, "tid": "JJ"}));
        assert_eq!(
            (batch.lines.len(), batch.rejected.len(), batch.ignored),
            (0, 0, 1),
            "{kind}"
        );
    }
    for body in ["", " \r\n"] {
        let batch = parse(body.as_bytes(), &sender(&[])).expect("a batch");
        assert_eq!((batch.source, batch.items()), (Source::Owntracks, 0));
    }
}

#[test]
fn an_encrypted_owntracks_message_is_no_silent_loss() {
    let batch = batch(&json!({"_type": "encrypted", "data": "AAAA"}));
    assert_eq!(rejected(&batch), [(0, "_type")]);
}

#[test]
fn a_detail_that_is_no_number_does_not_cost_the_position() {
    let location =
        json!({"_type": "location", "lat": 1, "lon": 1, "tst": 1769443022, "batt": "67", "alt": []});
    let mut odd = feature(json!("a"));
    odd["properties"]["speed"] = json!("fast");
    odd["properties"]["altitude"] = json!({"m": 7});
    for (body, field, kept) in [
        (location.clone(), "batt", json!("67")),
        (location, "alt", json!([])),
        (json!({"locations": [odd.clone()]}), "speed", json!("fast")),
        (json!({"locations": [odd]}), "altitude", json!({"m": 7})),
    ] {
        assert_eq!(stored(&batch(&body))[0]["extra"][field], kept, "{field}");
    }
}

#[test]
fn negative_owntracks_values_are_unknown() {
    let body = json!({"_type": "location", "lat": 1, "lon": 1, "tst": 1769443022, "vel": -1, "cog": -1,
                      "vac": -1, "acc": -1, "batt": -1});
    let line = stored(&batch(&body)).remove(0);
    for field in [
        "speed_mps",
        "heading_deg",
        "vertical_accuracy_m",
        "accuracy_m",
        "battery_pct",
        "extra",
    ] {
        assert_eq!(line.get(field), None, "{field}");
    }
}

fn feature(device: Value) -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [-122.030581, 37.3318]},
        "properties": {
            "timestamp": "2015-10-01T08:00:00-0700", "altitude": 0, "speed": 4, "horizontal_accuracy": 30,
            "vertical_accuracy": -1, "motion": ["driving", "stationary"], "pauses": false,
            "battery_state": "charging", "battery_level": 0.89, "device_id": device, "wifi": "",
        },
    })
}

#[test]
fn an_overland_feature_is_understood() {
    let expected = json!({
        "agent_id": "van-12", "recorded_at": "2015-10-01T15:00:00.000Z",
        "received_at": "2026-01-26T16:00:00.000Z", "lat": 37.3318, "lon": -122.030581, "accuracy_m": 30.0,
        "altitude_m": 0.0, "speed_mps": 4.0, "battery_pct": 89.0, "source": "overland", "key_id": "test-key",
        "extra": {"battery_state": "charging", "motion": ["driving", "stationary"], "pauses": false, "wifi": ""},
    });
    let mut line = stored(&batch(
        &json!({"locations": [feature(json!("van-12"))], "current": {}, "trip": {}}),
    ));
    line[0].as_object_mut().expect("an object").remove("trace_id");
    assert_eq!(line, [expected]);
}

#[test]
fn an_overland_device_without_a_name_is_its_installation_or_its_key() {
    let mut unique = feature(json!(""));
    unique["properties"]["unique_id"] = json!("3A1B");
    let lines = stored(&batch(&json!({"locations": [feature(json!("")), unique]})));
    assert_eq!(
        (&lines[0]["agent_id"], &lines[1]["agent_id"]),
        (&json!("test-key"), &json!("3A1B"))
    );
}

#[test]
fn unknown_overland_values_are_absent() {
    let mut unknown = feature(json!("a"));
    for field in [
        "speed",
        "course",
        "horizontal_accuracy",
        "vertical_accuracy",
        "battery_level",
    ] {
        unknown["properties"][field] = json!(-1);
    }
    let line = stored(&batch(&json!({"locations": [unknown]}))).remove(0);
    for field in [
        "speed_mps",
        "heading_deg",
        "accuracy_m",
        "vertical_accuracy_m",
        "battery_pct",
    ] {
        assert_eq!(line.get(field), None, "{field}");
    }
}

#[test]
fn what_overland_knows_beyond_the_stored_fields_is_extra() {
    let mut odd = feature(json!("a"));
    odd["id"] = json!(7);
    odd["geometry"]["coordinates"] = json!([2.5, 1.5, 46.0]);
    odd["properties"]["altitude"] = json!(null);
    odd["properties"]["course"] = json!(361);
    let line = stored(&batch(&json!({"locations": [odd]}))).remove(0);
    assert_eq!(
        (&line["extra"]["id"], &line["extra"]["course"]),
        (&json!(7), &json!(361))
    );
    assert_eq!(
        (&line["altitude_m"], line.get("heading_deg")),
        (&json!(46.0), None)
    );
}

#[test]
fn a_bad_overland_feature_never_takes_a_neighbour_along() {
    let replace = |path: &str, value: Value| {
        let mut feature = feature(json!("a"));
        *feature.pointer_mut(path).expect("the path is there") = value;
        feature
    };
    for (bad, field) in [
        (json!(null), "feature"),
        (json!({"type": "Feature"}), "properties"),
        (replace("/geometry", json!(null)), "geometry"),
        (replace("/geometry/coordinates", json!([1])), "coordinates"),
        (replace("/geometry/coordinates", json!([])), "coordinates"),
        (replace("/geometry/coordinates", json!([1, 91])), "coordinates"),
        (
            replace("/geometry/coordinates", json!([[1, 2], [3, 4]])),
            "coordinates",
        ),
        (replace("/properties/timestamp", json!(1769443022)), "timestamp"),
        (replace("/properties/device_id", json!("a\nb")), "device_id"),
    ] {
        let batch = batch(&json!({"locations": [feature(json!("a")), bad, feature(json!("b"))]}));
        assert_eq!(rejected(&batch), [(1, field)]);
        assert_eq!(batch.indices, [0, 2]);
    }
}

proptest! {
    #[test]
    fn coordinates_are_stored_as_they_were_sent(lat in -90.0..=90.0f64, lon in -180.0..=180.0f64) {
        let mut body = point();
        (body["lat"], body["lon"]) = (json!(lat), json!(lon));
        let line = stored(&batch(&body)).remove(0);
        prop_assert_eq!((line["lat"].as_f64(), line["lon"].as_f64()), (Some(lat + 0.0), Some(lon + 0.0)));
    }

    #[test]
    fn no_body_panics_and_every_item_is_accounted_for(body in "[\\[\\]{}:,\"a-z0-9 _.\\-]{0,60}") {
        if let Ok(batch) = parse(body.as_bytes(), &sender(&[])) {
            prop_assert_eq!(batch.lines.len(), batch.positions.len());
            prop_assert_eq!(batch.lines.len(), batch.indices.len());
        }
    }

    #[test]
    fn lines_never_hold_a_newline(note in "\\PC*|[\n\r\t\u{2028}]*", key in "[a-z\n\u{85}]{1,5}") {
        let mut body = point();
        body[key.as_str()] = json!(note);
        let pretty = serde_json::to_string_pretty(&json!([body])).expect("JSON");
        let batch = parse(pretty.as_bytes(), &sender(&[])).expect("a batch");
        for line in &batch.lines {
            prop_assert!(!line.contains('\n'));
        }
    }
}
