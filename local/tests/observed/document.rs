//! The tables of docs/METRICS.md.

use std::collections::BTreeSet;
use std::fs;

use crate::emitted::Metric;
use crate::support::root;

/// The fields that docs/LOGGING.md has.
pub fn fields() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("docs/LOGGING.md")).expect("the document");
    let (_, lists) = text.split_once("## Fields").expect("the lists");
    let cells = lists
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let names = cells
        .flat_map(|cell| cell.split(", "))
        .map(|name| name.trim_matches('`').to_owned());
    names.collect()
}

/// The section of what not only one function has.
const ALL: &str = "All functions";

/// What the document says.
pub struct Document(BTreeSet<Metric>);

impl Document {
    pub fn read() -> Self {
        let text = fs::read_to_string(root().join("docs/METRICS.md")).expect("the document");
        let mut section = "";
        let mut rows = BTreeSet::new();
        for line in text.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                section = heading;
            }
            if let Some(row) = line.strip_prefix("| `") {
                let cells: Vec<&str> = row.split('|').map(str::trim).collect();
                let [name, unit, by, meaning, _] = cells[..] else {
                    panic!("five columns: {line}")
                };
                assert!(!meaning.is_empty(), "no meaning: {line}");
                let metric = Metric {
                    function: section.to_owned(),
                    name: name.trim_end_matches('`').to_owned(),
                    unit: unit.to_owned(),
                    by: by.to_owned(),
                };
                assert!(rows.insert(metric), "twice: {line}");
            }
        }
        Self(rows)
    }

    /// Whether it has the metric, in the function's section or that of all.
    pub fn has(&self, metric: &Metric) -> bool {
        let of_all = Metric {
            function: ALL.to_owned(),
            ..metric.clone()
        };
        self.0.contains(metric) || self.0.contains(&of_all)
    }

    /// What it has and nobody wrote.
    pub fn unwritten(&self, written: &BTreeSet<Metric>) -> Vec<&Metric> {
        let is_written = |row: &&Metric| {
            written.contains(row)
                || (row.function == ALL
                    && written.iter().any(|metric| {
                        (&metric.name, &metric.unit, &metric.by) == (&row.name, &row.unit, &row.by)
                    }))
        };
        self.0.iter().filter(|row| !is_written(row)).collect()
    }
}
