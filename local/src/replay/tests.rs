use std::io::Write;

use serde_json::json;

use super::*;

fn read_file(name: &str, content: &str, agent: Option<&str>) -> anyhow::Result<source::Read> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join(name);
    std::fs::File::create(&path)
        .and_then(|mut file| file.write_all(content.as_bytes()))
        .expect("written");
    source::read(&path, agent)
}

#[test]
fn csv_columns_are_found_by_their_usual_names_and_the_rest_is_extra() {
    let csv = "id,vehicle_id,timestamp,Latitude,longitude,bearing,operator\n\
               7,\"4716\",2026-01-26 15:57:02,53.44451,-2.925173,,AMSY\n\
               8,\"4716\",when,1,1,53,AMSY\n";
    let read = read_file("bus.csv", csv, None).expect("readable");
    let expected = json!({"id": "7", "agent_id": "4716", "recorded_at": 1_769_443_022_000_i64, "lat": 53.44451,
                          "lon": -2.925173, "operator": "AMSY"});
    assert_eq!(serde_json::Value::Object(read.traces[0].fields.clone()), expected);
    assert_eq!(read.skipped, ["line 3: the time cannot be read"]);
}

#[test]
fn a_csv_that_lacks_a_column_says_which_and_what_there_is() {
    let error = read_file("a.csv", "who,time,lat\n", None).expect_err("no lon");
    assert_eq!(error.to_string(), "no column is lon; there are: who, time, lat");
    let error = read_file("a.csv", "time,lat,lon\n", None).expect_err("no agent");
    assert_eq!(
        error.to_string(),
        "no column says whose the traces are; name them with --agent"
    );
}

#[test]
fn gpx_track_points_belong_to_their_track() {
    let gpx = r#"<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>ride</name>
        <trkseg><trkpt lat="53.4" lon="-2.9"><ele>46</ele><time>2026-01-26T15:57:02Z</time></trkpt>
        <trkpt lat="53.5" lon="-2.8"/></trkseg></trk></gpx>"#;
    let read = read_file("a.gpx", gpx, None).expect("readable");
    let expected = json!({"agent_id": "ride", "recorded_at": 1_769_443_022_000_i64, "lat": 53.4, "lon": -2.9,
                          "altitude_m": 46.0});
    assert_eq!(serde_json::Value::Object(read.traces[0].fields.clone()), expected);
    assert_eq!(read.skipped, ["point 2: it has no time"]);
}

#[test]
fn ndjson_is_taken_as_it_is() {
    let read = read_file("a.ndjson", "{\"agent_id\":\"a\",\"x\":1}\n\nnope\n", None).expect("readable");
    assert_eq!(read.traces.len(), 1);
    assert_eq!(read.skipped, ["line 3: it is not a JSON object"]);
}

#[test]
fn an_unknown_kind_of_file_says_what_would_do() {
    let error = read_file("a.txt", "", None).expect_err("unknown");
    assert_eq!(
        error.to_string(),
        "the file must end in .csv, .gpx, .ndjson or .jsonl"
    );
}

#[test]
fn without_a_pace_batches_are_full_and_in_the_files_order() {
    let lines: String = (0..7).map(|n| format!("{{\"agent_id\":\"{n}\"}}\n")).collect();
    let read = read_file("a.ndjson", &lines, None).expect("readable");
    let sizes: Vec<_> = Pace::new(read.traces, 3, None).map(|batch| batch.len()).collect();
    assert_eq!(sizes, [3, 3, 1]);
}

#[test]
fn with_a_pace_traces_leave_in_the_order_of_their_times() {
    let line = |ms: i64| {
        format!(
            "{{\"agent_id\":\"a\",\"recorded_at\":{}}}\n",
            1_769_443_022_000 + ms
        )
    };
    let lines: String = [20_000, 0, 10_000].map(line).concat();
    let read = read_file("a.ndjson", &lines, None).expect("readable");
    // A million times as fast: the file is over in 20 µs.
    let places: Vec<_> = Pace::new(read.traces, 1, Some(1e6))
        .map(|batch| batch[0].place)
        .collect();
    assert_eq!(places, [2, 3, 1]);
}

#[test]
fn with_a_pace_a_trace_without_a_time_leaves_with_the_one_before_it() {
    let lines = r#"{"n":1}
{"n":2,"recorded_at":1769443022000}
{"n":3,"recorded_at":"soon"}
{"n":4,"recorded_at":1769443022010}
{"n":5}
"#;
    let read = read_file("a.ndjson", lines, None).expect("readable");
    // Ten milliseconds are within a tick; the decades since 1970 are not, and
    // whoever waits for a second batch here waits for them.
    let batch = Pace::new(read.traces, 10, Some(1.0)).next().expect("a batch");
    let places: Vec<_> = batch.iter().map(|trace| trace.place).collect();
    assert_eq!(places, [1, 2, 3, 4, 5]);
}
