use super::{FUNCTION, error, variable};

#[test]
fn parameters_are_overridden_and_checked() {
    assert_eq!(
        variable("!Ref Word", &[("Word", "bye")]).unwrap().as_deref(),
        Some("bye")
    );
    assert_eq!(
        variable("!Ref Secret", &[("Secret", "s3")]).unwrap().as_deref(),
        Some("s3")
    );
    let cases = [
        ("Type: Number", "x", "`x` is not a number"),
        ("Type: Number, MinValue: 5", "4", "`4` breaks MinValue 5"),
        ("Type: Number, MaxValue: 5", "6", "`6` breaks MaxValue 5"),
        ("Type: String, MinLength: 2", "é", "`é` breaks MinLength 2"),
        ("Type: String, AllowedValues: [a, b]", "c", "`c` is none of a, b"),
        (
            "Type: CommaDelimitedList, AllowedValues: [a, b]",
            "a,c",
            "`a,c` is none of a, b",
        ),
        (
            "Type: String, AllowedPattern: '[a-z]+'",
            "ab1",
            "`ab1` does not match AllowedPattern [a-z]+",
        ),
        (
            "Type: String, MaxLength: 1, NoEcho: true",
            "key",
            "the value breaks MaxLength 1",
        ),
        (
            "Type: String, AllowedPattern: a+, ConstraintDescription: only a",
            "b",
            "`b` does not match AllowedPattern a+ (only a)",
        ),
    ];
    for (definition, value, expected) in cases {
        let template = format!("Parameters: {{P: {{{definition}}}}}{FUNCTION}");
        let message = error(&template, &[("P", value)]);
        assert_eq!(message, format!("template.yaml: Parameters.P: {expected}"));
    }
    assert_eq!(
        error(FUNCTION, &[("Typo", "1")]),
        "template.yaml: Parameters.Typo: is given a value but not in the template; check how it is spelt there"
    );
}
