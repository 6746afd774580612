use super::*;
use proptest::prelude::*;

fn text(body: &str) -> String {
    let ndjson = Ndjson::parse(body.to_owned()).expect("deliverable");
    assert_eq!(
        ndjson.text().iter().filter(|b| **b == b'\n').count(),
        ndjson.lines()
    );
    String::from_utf8(ndjson.text().to_vec()).expect("UTF-8")
}

fn reason(body: &str) -> Undeliverable {
    let (reason, back) = Ndjson::parse(body.to_owned()).expect_err("undeliverable");
    assert_eq!(back, body, "the body comes back as it was");
    reason
}

#[test]
fn a_body_in_its_final_form_is_not_copied() {
    let body = "{\"a\":1}\n{}\n".to_owned();
    let at = body.as_ptr();
    let ndjson = Ndjson::parse(body).expect("deliverable");
    assert_eq!(ndjson.text().as_ptr(), at);
    assert_eq!(ndjson.lines(), 2);
}

#[test]
fn blank_lines_are_left_out_and_the_last_newline_is_added() {
    assert_eq!(text("{}"), "{}\n");
    assert_eq!(text("{}\n\n{}"), "{}\n{}\n");
    assert_eq!(text("\n{}\n \t\r\n{}\n\n"), "{}\n{}\n");
    assert_eq!(text(" {\"a\" : 1}\r\n"), " {\"a\" : 1}\r\n");
}

#[test]
fn a_body_without_a_line_is_empty() {
    for body in ["", "\n", " \r\n\t\n"] {
        assert_eq!(reason(body), Undeliverable::EmptyBody);
    }
}

#[test]
fn a_line_that_is_not_one_object_is_named() {
    for line in [
        "1",
        "[{}]",
        "null",
        "\"{}\"",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":}",
        "{'a':1}",
        "{\"a\":NaN}",
        "\u{feff}{}",
    ] {
        assert_eq!(
            reason(&format!("{{}}\n\n{line}\n{{}}\n")),
            Undeliverable::NotNdjson { line: 3 }
        );
    }
    assert_eq!(reason("{\n  \"a\": 1\n}\n"), Undeliverable::NotNdjson { line: 1 });
}

#[test]
fn deep_nesting_neither_overflows_nor_is_refused() {
    let depth = 200_000;
    let body = format!("{{\"a\":{}{}}}\n", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(text(&body), body);
}

#[test]
fn the_limits_are_those_of_a_record_and_blank_lines_do_not_count() {
    let full = "{}\n".repeat(MAX_LINES);
    assert_eq!(text(&full.replace('\n', "\n\n")), full);
    assert_eq!(
        reason(&format!("{full}{{}}")),
        Undeliverable::TooManyLines { lines: MAX_LINES + 1 }
    );

    let line = |bytes: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(bytes - 8));
    assert_eq!(text(&line(MAX_BYTES - 1)).len(), MAX_BYTES);
    assert_eq!(
        reason(&line(MAX_BYTES)),
        Undeliverable::TooManyBytes { bytes: MAX_BYTES + 1 }
    );
}

proptest! {
    #[test]
    fn any_text_is_either_given_back_or_becomes_valid_lines(body in "(\\{\\}|\\{\"a\":[0-9]\\}|\n| |\r|[1x\\{]){0,12}") {
        match Ndjson::parse(body.clone()) {
            Err((_, back)) => prop_assert_eq!(back, body),
            Ok(ndjson) => {
                let text = std::str::from_utf8(ndjson.text()).expect("UTF-8");
                prop_assert!(text.ends_with('\n'));
                let lines: Vec<_> = text.lines().collect();
                prop_assert_eq!(lines.len(), ndjson.lines());
                for line in lines {
                    let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
                    prop_assert!(value.is_object());
                }
                let same = |text: &str| text.replace(['\n', ' ', '\r'], "");
                prop_assert_eq!(same(text), same(&body));
            }
        }
    }
}
