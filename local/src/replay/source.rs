//! Recorded traces from a file, in Punctual's native dialect.

mod csv;
mod gpx;
mod ndjson;
mod time;

use std::{fs::File, io::BufReader, path::Path};

use anyhow::{Context, bail};
use serde_json::{Map, Value};

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub traces: Vec<Trace>,
    /// Why each of the other lines or points was left out.
    pub skipped: Vec<String>,
}

/// One trace as it is posted.
#[derive(Debug)]
pub(super) struct Trace {
    /// Its line in the file, or its number among the points.
    pub place: usize,
    /// When it was recorded, for the pace. Where that cannot be read, the time
    /// of the one before it; `None` where there is none: due at once.
    pub epoch_ms: Option<i64>,
    pub fields: Map<String, Value>,
}

impl Read {
    /// The first reason, as a continuation of an error.
    pub(super) fn first_skipped(&self) -> String {
        self.skipped
            .first()
            .map(|why| format!(" ({why})"))
            .unwrap_or_default()
    }
}

/// Reads a file by its extension. `agent` is who the traces are of where the
/// file does not say.
pub(super) fn read(path: &Path, agent: Option<&str>) -> anyhow::Result<Read> {
    let file = BufReader::new(File::open(path).context("the file cannot be opened")?);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    match extension.as_str() {
        "csv" => csv::read(file, agent),
        "gpx" => gpx::read(file, agent, &stem),
        "ndjson" | "jsonl" => ndjson::read(file, agent),
        _ => bail!("the file must end in .csv, .gpx, .ndjson or .jsonl"),
    }
}
