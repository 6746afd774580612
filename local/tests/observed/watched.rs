//! The metrics that the template's dashboard and alarms look at.

use std::fs;

use local::template::yaml;
use regex_lite::Regex;
use serde_json::{Map, Value};

use crate::support::root;

/// One of ours.
#[derive(Debug)]
#[allow(dead_code, reason = "`at` is for the message of a test that fails")]
pub struct Watched {
    /// Where.
    pub at: String,
    pub function: String,
    pub name: String,
    pub by: String,
    /// Where an alarm says it: it would see nothing else.
    pub unit: Option<String>,
}

/// All of them.
pub fn watched() -> Vec<Watched> {
    let text = fs::read_to_string(root().join("template.yaml")).expect("the template");
    let tree = yaml::parse(&text).expect("YAML");
    let resources = tree["Resources"].as_object().expect("resources");
    let mut all = Vec::new();
    for (name, resource) in resources {
        let properties = &resource["Properties"];
        match resource["Type"].as_str() {
            Some("AWS::CloudWatch::Alarm") => alarm(name, properties, &mut all),
            Some("AWS::CloudWatch::Dashboard") => {
                for has_lessons in [true, false] {
                    dashboard(
                        &body(&properties["DashboardBody"]["Fn::Sub"], has_lessons),
                        &mut all,
                    );
                }
            }
            _ => {}
        }
    }
    all
}

fn alarm(at: &str, properties: &Value, all: &mut Vec<Watched>) {
    let (mut metrics, mut unit) = (vec![properties.clone()], &properties["Unit"]);
    if let Some(several) = properties["Metrics"].as_array() {
        let mut stats = several.iter().filter_map(|metric| metric.get("MetricStat"));
        metrics = stats.clone().map(|stat| stat["Metric"].clone()).collect();
        unit = stats.next_back().map_or(&Value::Null, |stat| &stat["Unit"]);
    }
    for metric in metrics.iter().filter(|metric| metric["Namespace"] == "Punctual") {
        let dimensions = metric["Dimensions"].as_array().expect("dimensions");
        let named = |name: &str| dimensions.iter().find(|dimension| dimension["Name"] == name);
        let function = &named("FunctionName").expect("a function")["Value"]["Ref"];
        let others = dimensions.iter().map(|dimension| text(&dimension["Name"]));
        all.push(Watched {
            at: at.to_owned(),
            function: text(function),
            name: text(&metric["MetricName"]),
            by: others.filter(|name| name != "FunctionName").collect(),
            unit: unit.as_str().map(str::to_owned),
        });
    }
}

/// The body as JSON, each of the template's names in its own place.
fn body(sub: &Value, has_lessons: bool) -> Value {
    let (text, parts) = (sub[0].as_str().expect("text"), sub[1].as_object().expect("parts"));
    let mut body = text.to_owned();
    for (name, part) in parts {
        let branches = part["Fn::If"].as_array().expect("a condition");
        let branch = &branches[if has_lessons { 1 } else { 2 }];
        let said = branch["Fn::Sub"].as_str().or(branch.as_str());
        body = body.replace(&format!("${{{name}}}"), said.expect("text"));
    }
    let names = Regex::new(r"\$\{([A-Za-z:.]+)\}").expect("a pattern");
    let body = names.replace_all(&body, "$1");
    serde_json::from_str(&body).expect("a dashboard is JSON")
}

fn dashboard(body: &Value, all: &mut Vec<Watched>) {
    for widget in body["widgets"].as_array().expect("widgets") {
        let at = format!("the dashboard's `{}`", text(&widget["properties"]["title"]));
        for metric in widget["properties"]["metrics"].as_array().into_iter().flatten() {
            match &metric.as_array().expect("a list")[..] {
                [Value::Object(expression), ..] => search(&at, expression, all),
                [namespace, name, dimension, function, ..] if namespace == "Punctual" => {
                    assert_eq!(dimension, "FunctionName", "{at}: {metric}");
                    all.push(Watched {
                        at: at.clone(),
                        function: text(function),
                        name: text(name),
                        by: String::new(),
                        unit: None,
                    });
                }
                _ => {}
            }
        }
    }
}

/// `SEARCH('{Punctual,FunctionName,Reason} FunctionName="…" MetricName="…"', …)`.
fn search(at: &str, expression: &Map<String, Value>, all: &mut Vec<Watched>) {
    let said = text(&expression["expression"]);
    let pattern = r#"\{Punctual,FunctionName,(\w+)\} FunctionName=\(?([^)]+?)\)? MetricName="(\w+)""#;
    let found = Regex::new(pattern).expect("a pattern").captures(&said);
    let found = found.unwrap_or_else(|| panic!("{at}: {said}"));
    for function in found[2].split(" OR ") {
        all.push(Watched {
            at: at.to_owned(),
            function: function.trim_matches('"').to_owned(),
            name: found[3].to_owned(),
            by: found[1].to_owned(),
            unit: None,
        });
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
