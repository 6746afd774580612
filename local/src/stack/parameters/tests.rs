use super::*;

const PARAMETERS: &str = "
Parameters:
  ValkeyUrl:
    Type: String
    AllowedPattern: '(rediss?://.+)?'
    ConstraintDescription: starts with redis://
";

fn loaded(parameters: &str, valkey_url: &str) -> Result<template::Stack, StackError> {
    let options = Options {
        valkey_url: Some(valkey_url.to_owned()),
        ..Options::default()
    };
    with(parameters, options).map(|loaded| loaded.template)
}

fn with(parameters: &str, options: Options) -> Result<Loaded, StackError> {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        template: folder.path().join("template.yaml"),
        ..options
    };
    let text = format!("{parameters}Resources: {{Jobs: {{Type: AWS::SQS::Queue}}}}\n");
    std::fs::write(&options.template, text).expect("written");
    load(&options, "http://127.0.0.1:3000", "000000000000")
}

#[test]
fn a_value_that_breaks_a_rule_is_refused_and_not_dropped() {
    let refused = loaded(PARAMETERS, "127.0.0.1:6379")
        .expect_err("no URL")
        .to_string();
    assert_eq!(
        refused,
        "template.yaml: Parameters.ValkeyUrl: `127.0.0.1:6379` does not match AllowedPattern \
         (rediss?://.+)? (starts with redis://)"
    );
    let taken = loaded(PARAMETERS, "redis://127.0.0.1:6379").expect("a URL");
    assert_eq!(taken.notes, [] as [&str; 0]);
}

#[test]
fn a_value_that_the_template_has_no_use_for_is_noted() {
    let stack = loaded("", "127.0.0.1:6379").expect("a template");
    assert_eq!(
        stack.notes,
        ["--valkey-url has no effect: the template has no parameter ValkeyUrl"]
    );
}

#[test]
fn lessons_are_where_the_options_say_or_else_beside_the_queues() {
    const PARAMETERS: &str = "
Parameters:
  DatabaseUrl: {Type: String, Default: '', NoEcho: true}
  DbHost: {Type: String, Default: ''}
";
    let shown = |database_url: Option<&str>, parameters: &[(&str, &str)]| {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let options = Options {
            data_dir: "/data".into(),
            database_url: database_url.map(str::to_owned),
            parameters: parameters.iter().map(own).collect(),
            ..Options::default()
        };
        let loaded = with(PARAMETERS, options).expect("a template");
        loaded.tables.map_or("-".to_owned(), |tables| tables.to_string())
    };
    assert_eq!(shown(None, &[]), "sqlite:///data/lessons.db");
    assert_eq!(shown(Some("mysql://u:p@h/d"), &[]), "mysql://u@h/d");
    let parameter = ("DatabaseUrl", "mysql://h/parameter");
    assert_eq!(
        shown(Some("mysql://h/option"), &[parameter]),
        "mysql://h/parameter"
    );
    assert_eq!(shown(None, &[("DatabaseUrl", "")]), "-");
    assert_eq!(shown(None, &[("DbHost", "db.example")]), "-");
}

#[test]
fn a_template_without_lessons_is_left_alone() {
    let given = Options {
        database_url: Some("mysql://h/d".to_owned()),
        ..Options::default()
    };
    for (options, notes) in [
        (Options::default(), vec![]),
        (
            given,
            vec!["--database-url has no effect: the template has no parameter DatabaseUrl"],
        ),
    ] {
        let loaded = with("", options).expect("a template");
        assert_eq!(
            (loaded.tables, loaded.template.notes),
            (None, notes.into_iter().map(str::to_owned).collect())
        );
    }
}

#[test]
fn a_key_is_given_as_its_hash() {
    let expected = "local:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(key_hash("abc"), expected);
}
