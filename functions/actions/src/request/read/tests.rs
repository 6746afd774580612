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
