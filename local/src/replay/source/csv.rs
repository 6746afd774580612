use std::io::Read as Input;

use anyhow::{Context, bail};
use csv::{ReaderBuilder, StringRecord, Trim};
use serde_json::{Map, Value};

use super::{Read, Trace, time};

/// A native field and the names that recorders give its column.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("trace_id", &["trace_id"]),
    (
        "agent_id",
        &[
            "agent_id",
            "vehicle_id",
            "device_id",
            "rider_id",
            "driver_id",
            "agent",
            "vehicle",
            "device",
        ],
    ),
    (
        "recorded_at",
        &[
            "recorded_at",
            "timestamp",
            "time",
            "datetime",
            "date_time",
            "gps_time",
        ],
    ),
    ("lat", &["lat", "latitude", "y"]),
    ("lon", &["lon", "lng", "long", "longitude", "x"]),
    (
        "accuracy_m",
        &["accuracy_m", "accuracy", "horizontal_accuracy", "hdop_m"],
    ),
    (
        "altitude_m",
        &["altitude_m", "altitude", "elevation", "ele", "alt"],
    ),
    ("speed_mps", &["speed_mps"]),
    ("heading_deg", &["heading_deg", "heading", "bearing", "course"]),
];

pub(super) fn read(input: impl Input, agent: Option<&str>) -> anyhow::Result<Read> {
    let mut reader = ReaderBuilder::new()
        .trim(Trim::All)
        .flexible(true)
        .from_reader(input);
    let header = reader
        .headers()
        .context("the first line must name the columns")?
        .clone();
    let names: Vec<&str> = header.iter().map(field_name).collect();
    for needed in ["recorded_at", "lat", "lon"] {
        if !names.contains(&needed) {
            bail!(
                "no column is {needed}; there are: {}",
                header.iter().collect::<Vec<_>>().join(", ")
            );
        }
    }
    if agent.is_none() && !names.contains(&"agent_id") {
        bail!("no column says whose the traces are; name them with --agent");
    }
    let mut read = Read::default();
    for record in reader.records() {
        let record = record.context("the file is not CSV")?;
        let place = record.position().map_or(0, |position| position.line() as usize);
        match trace(&names, &record, agent, place) {
            Ok(trace) => read.traces.push(trace),
            Err(why) => read.skipped.push(format!("line {place}: {why}")),
        }
    }
    Ok(read)
}

/// The native name of a column, or its own.
fn field_name(column: &str) -> &str {
    let known = COLUMNS
        .iter()
        .find(|(_, names)| names.iter().any(|name| column.eq_ignore_ascii_case(name)));
    known.map_or(column, |(native, _)| native)
}

fn trace(
    names: &[&str],
    record: &StringRecord,
    agent: Option<&str>,
    place: usize,
) -> Result<Trace, &'static str> {
    let mut fields = Map::new();
    for (name, text) in names.iter().zip(record).filter(|(_, text)| !text.is_empty()) {
        let value = match *name {
            "lat" | "lon" | "accuracy_m" | "altitude_m" | "speed_mps" | "heading_deg" => text
                .parse::<f64>()
                .map(Value::from)
                .map_err(|_| "a number is none")?,
            "recorded_at" => time::epoch_ms(text).ok_or("the time cannot be read")?.into(),
            _ => text.into(),
        };
        // A second column of the same meaning is an extra under its own name.
        fields.entry(*name).or_insert(value);
    }
    if let Some(agent) = agent {
        fields.entry("agent_id").or_insert(agent.into());
    }
    let epoch_ms = fields
        .get("recorded_at")
        .and_then(Value::as_i64)
        .ok_or("there is no time")?;
    Ok(Trace {
        place,
        epoch_ms: Some(epoch_ms),
        fields,
    })
}
