//! Searching the functions' log files.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use axum::body::Body;
use axum::response::Response;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;

/// Lines that are found, of all files together.
const MOST: usize = 200;
/// A longer line is cut: a page shows it, nobody reads it.
const LONGEST: usize = 64 * 1024;

/// A line that has what was looked for.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Found {
    function: String,
    line: String,
}

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
    let found = tokio::task::spawn_blocking(move || search(&log_dir, &text, function.as_deref())).await;
    let json = serde_json::to_string(&found.unwrap_or_default()).unwrap_or_default();
    let mut response = Response::new(Body::from(json));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}

/// Blocks on the disk: at most 64 MB a function.
fn search(log_dir: &Path, text: &str, function: Option<&str>) -> Vec<Found> {
    let mut files: Vec<_> = std::fs::read_dir(log_dir)
        .into_iter()
        .flatten()
        .filter_map(|file| Some(file.ok()?.path()))
        .collect();
    // `X.log.old` is before `X.log`.
    files.sort_by_key(|path| {
        (
            path.extension().is_some_and(|extension| extension == "log"),
            path.clone(),
        )
    });
    let mut found = VecDeque::new();
    for path in files {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let name = name.split(".log").next().unwrap_or_default();
        if function.is_some_and(|function| function != name) {
            continue;
        }
        let Ok(file) = File::open(&path) else { continue };
        for line in BufReader::new(file).lines().map_while(Result::ok) {
            if line.to_lowercase().contains(text) {
                found.push_back(Found {
                    function: name.to_owned(),
                    line: line.chars().take(LONGEST).collect(),
                });
                if found.len() > MOST {
                    found.pop_front();
                }
            }
        }
    }
    found.into()
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
}
