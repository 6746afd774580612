//! Searching the functions' log files.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use axum::body::Body;
use axum::response::Response;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::Semaphore;

/// Lines that are found.
const MOST: usize = 200;
/// A longer line is cut: a page shows it, nobody reads it.
const LONGEST: usize = 64 * 1024;

/// A line that has what was looked for.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Found {
    function: String,
    line: String,
}

/// One search at a time: each may read 64 MB a function.
static SEARCHING: Semaphore = Semaphore::const_new(1);

/// Answers `?q=text&function=name`: the newest lines that have the text, upper or lower
/// case, the newest last.
pub(super) async fn answer(log_dir: &Path, query: &str) -> Response {
    let (mut text, mut function) = (String::new(), None);
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*key {
            "q" => text = value.to_lowercase(),
            "function" if !value.is_empty() => function = Some(value.into_owned()),
            _ => {}
        }
    }
    let log_dir = log_dir.to_owned();
    let _turn = SEARCHING.acquire().await;
    let found = tokio::task::spawn_blocking(move || search(&log_dir, &text, function.as_deref())).await;
    let json = serde_json::to_string(&found.unwrap_or_default()).unwrap_or_default();
    let mut response = Response::new(Body::from(json));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// Blocks on the disk.
fn search(log_dir: &Path, text: &str, function: Option<&str>) -> Vec<Found> {
    let mut files: Vec<_> = std::fs::read_dir(log_dir)
        .into_iter()
        .flatten()
        .filter_map(|file| Some(file.ok()?.path()))
        .collect();
    // `X.log.old` is before `X.log`.
    files.sort_by_key(|path| {
        let is_current = path.extension().is_some_and(|extension| extension == "log");
        (is_current, path.clone())
    });
    let mut all = Vec::new();
    for path in files {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let name = name.split(".log").next().unwrap_or_default();
        if function.is_none_or(|function| function == name) {
            let lines = newest_of(&path, text).into_iter();
            all.extend(lines.map(|line| Found {
                function: name.to_owned(),
                line,
            }));
        }
    }
    // Stable: lines that say no time stay where they are in their file.
    all.sort_by_cached_key(|found| written_at(&found.line));
    all.split_off(all.len().saturating_sub(MOST))
}

fn newest_of(path: &Path, text: &str) -> VecDeque<String> {
    let mut found = VecDeque::new();
    let Ok(file) = File::open(path) else { return found };
    for line in BufReader::new(file).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        if line.to_lowercase().contains(text) {
            found.push_back(line.chars().take(LONGEST).collect());
            if found.len() > MOST {
                found.pop_front();
            }
        }
    }
    found
}

/// Epoch ms, of a line of words, of metrics or of the platform.
fn written_at(line: &str) -> Option<i64> {
    let line: Value = serde_json::from_str(line).ok()?;
    let of_words = || {
        let text = line["timestamp"].as_str().or(line["time"].as_str())?;
        Some(text.parse::<Timestamp>().ok()?.as_millisecond())
    };
    line["_aws"]["Timestamp"].as_i64().or_else(of_words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_are_found_in_one_file_or_in_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let write =
            |name: &str, lines: &str| std::fs::write(folder.path().join(name), lines).expect("written");
        write("Probe.log.old", "one\nA trace\n");
        write("Probe.log", "two\na TRACE later\n");
        write("Other.log", "no\ntrace of another\n");
        let lines = |function| -> Vec<String> {
            let found = search(folder.path(), "trace", function);
            found.into_iter().map(|found| found.line).collect()
        };
        assert_eq!(lines(Some("Probe")), ["A trace", "a TRACE later"]);
        assert_eq!(lines(None).len(), 3);
        assert!(lines(Some("../Probe")).is_empty());
    }

    #[test]
    fn lines_of_all_functions_are_in_order_of_their_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let write =
            |name: &str, lines: &[u8]| std::fs::write(folder.path().join(name), lines).expect("written");
        write("B.log", b"{\"timestamp\":\"2026-11-26T10:00:01.5Z\",\"n\":2}\n");
        write("A.log", b"{\"timestamp\":\"2026-11-26T10:00:02Z\",\"n\":3}\n\xff no text\n{\"_aws\":{\"Timestamp\":1},\"n\":1}\n");
        let found = search(folder.path(), "\"n\":", None);
        let numbers: Vec<char> = found
            .iter()
            .filter_map(|found| found.line.chars().rev().nth(1))
            .collect();
        assert_eq!(numbers, ['1', '2', '3']);
    }
}
