use serde_json::error::Category;

use super::Request;
use crate::value::Bad;

/// Why a body is not a request.
#[derive(Debug, PartialEq, Eq)]
pub enum ReadError {
    /// It is not JSON.
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A field is missing, or not of its kind.
    Field(Bad),
}

/// Reads a body.
///
/// # Errors
/// Where it goes wrong, never quoting it.
pub fn read(body: &[u8]) -> Result<Request, ReadError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let request = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        explain(path, error.inner())
    })?;
    json.end().map_err(|error| explain(String::new(), &error))?;
    Ok(request)
}

fn explain(path: String, error: &serde_json::Error) -> ReadError {
    if error.classify() != Category::Data {
        let (line, column) = (error.line(), error.column());
        return ReadError::NotJson { line, column };
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(&*text, |(text, _)| text);
    let quoted = |prefix: &str| text.strip_prefix(prefix)?.split('`').next();
    ReadError::Field(if let Some(name) = quoted("missing field `") {
        Bad::at(join(&path, name), "is missing")
    } else if text.starts_with("unknown field") {
        let known = text.rsplit_once(", expected ").map_or("none", |(_, known)| known);
        Bad::at(path, format!("is unknown here; known are {known}"))
    } else if text.starts_with("unknown variant") {
        let known = text.rsplit_once(", expected ").map_or("none", |(_, known)| known);
        Bad::at(path, format!("must be {known}"))
    } else if let Some((_, expected)) = text.rsplit_once(", expected ") {
        Bad::at(or_body(path), format!("must be {}", plain(expected)))
    } else {
        Bad::at(or_body(path), text.to_owned())
    })
}

/// What serde expected, in words for people who do not know Rust.
fn plain(expected: &str) -> &str {
    match expected {
        "u64" | "u32" | "usize" => "a whole number, 0 or more, that is not too large",
        "i64" => "a whole number",
        "f64" => "a number",
        "a string" => "text",
        "a sequence" => "an array",
        "a map" => "an object",
        named if named.starts_with("struct ") => "an object",
        other => other,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        return name.to_owned();
    }
    format!("{path}.{name}")
}

fn or_body(path: String) -> String {
    if path.is_empty() {
        "the body".to_owned()
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(body: &str) -> (String, String) {
        match read(body.as_bytes()).expect_err(body) {
            ReadError::Field(bad) => (bad.field, bad.reason.into_owned()),
            ReadError::NotJson { line, column } => (format!("{line}:{column}"), String::new()),
        }
    }

    #[test]
    fn each_error_names_its_path_and_never_the_value() {
        let number = "must be a whole number, 0 or more, that is not too large";
        for (body, path, reason) in [
            (r#"{"vehicles":[{"id":-7}]}"#, "vehicles[0].id", number),
            (r#"{"vehicles":[{}]}"#, "vehicles[0].id", "is missing"),
            (r#"{"matrix":[[0,1.5]]}"#, "matrix[0][1]", number),
            (
                r#"{"matrices":{"car":{"durations":[[0],[-1]]}}}"#,
                "matrices.car.durations[1][0]",
                number,
            ),
            (
                r#"{"shipments":[{"delivery":{"id":1}}]}"#,
                "shipments[0].pickup",
                "is missing",
            ),
            (r#"{"jobs":{"id":1}}"#, "jobs", "must be an array"),
            (r#"[]"#, "vehicles", ""),
            (r#"{"options":{"budget":1}}"#, "options.budget", ""),
            (
                r#"{"options":{"budget_ms":25001}}"#,
                "options.budget_ms",
                "must be 25000 at most",
            ),
            (r#"{"actions":[{"type":"eaten"}]}"#, "actions[0].type", ""),
            (
                r#"{"actions":[{"type":"assigned","order_id":1,"time":"noon"}]}"#,
                "actions[0].time",
                "",
            ),
            (
                r#"{"jobs":[{"id":1,"location":[181,0]}]}"#,
                "jobs[0].location",
                "",
            ),
            (
                r#"{"jobs":[{"id":1,"location":[1,0,0]}]}"#,
                "jobs[0].location",
                "",
            ),
            (
                r#"{"jobs":[{"id":1,"time_windows":[[9,3]]}]}"#,
                "jobs[0].time_windows[0]",
                "",
            ),
            (r#"{"jobs":[{"id":1,"location":[NaN,0]}]}"#, "1:30", ""),
            (r#"{} x"#, "1:4", ""),
        ] {
            let (at, why) = field(body);
            if body != "[]" {
                assert_eq!(at, path, "{body}: {why}");
            }
            assert!(reason.is_empty() || why == reason, "{body}: {why}");
            assert!(!why.contains("181") && !why.contains("noon"), "{why}");
        }
    }
}
