//! What the functions' log files say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// A metric as CloudWatch tells them apart, with its unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Metric {
    pub function: String,
    pub name: String,
    pub unit: String,
    /// The dimension beside `FunctionName`; empty for none.
    pub by: String,
}

/// The lines of metrics so far, in all log files.
pub fn lines(data_dir: &Path) -> Vec<Value> {
    all_lines(data_dir)
        .into_iter()
        .filter(|line| line["_aws"].is_object())
        .collect()
}

/// The fields of all other lines so far.
pub fn fields(data_dir: &Path) -> BTreeSet<String> {
    let lines = all_lines(data_dir)
        .into_iter()
        .filter(|line| line["level"].is_string());
    lines
        .flat_map(|line| {
            line.as_object()
                .expect("an object")
                .keys()
                .cloned()
                .collect::<Vec<_>>()
        })
        .collect()
}

fn all_lines(data_dir: &Path) -> Vec<Value> {
    let files = fs::read_dir(data_dir.join("logs")).expect("the logs");
    let paths = files.map(|file| file.expect("a file").path());
    let texts = paths.map(|path| fs::read_to_string(path).expect("text"));
    let read = |text: String| {
        let lines = text.lines().filter(|line| line.starts_with('{'));
        lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect::<Vec<Value>>()
    };
    texts.flat_map(read).collect()
}

/// The metrics in these lines.
pub fn metrics(lines: &[Value]) -> BTreeSet<Metric> {
    lines.iter().flat_map(of_line).collect()
}

fn of_line(line: &Value) -> Vec<Metric> {
    let mut found = Vec::new();
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    for directive in list(&line["_aws"]["CloudWatchMetrics"]) {
        assert_eq!(directive["Namespace"], "Punctual", "{line}");
        for set in list(&directive["Dimensions"]) {
            let names: Vec<String> = list(&set).iter().map(text).collect();
            assert!(
                names.iter().all(|name| line[name].is_string()),
                "a dimension without value in {line}"
            );
            let others: Vec<&String> = names.iter().filter(|name| *name != "FunctionName").collect();
            assert!(
                others.len() < names.len() && others.len() <= 1,
                "{names:?} in {line}"
            );
            for metric in list(&directive["Metrics"]) {
                let name = text(&metric["Name"]);
                assert!(!line[&name].is_null(), "{name} without value in {line}");
                found.push(Metric {
                    function: text(&line["FunctionName"]),
                    unit: text(&metric["Unit"]),
                    by: others.first().map_or_else(String::new, |by| (*by).clone()),
                    name,
                });
            }
        }
    }
    found
}
