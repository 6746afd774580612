use clap::CommandFactory as _;

use super::*;
use crate::faults::FaultSettings;
use crate::stack::Options;

#[test]
fn the_commands_are_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn no_command_is_up() {
    for line in [&["punctual"][..], &["punctual", "--port", "3001", "--no-build"]] {
        let cli = Cli::try_parse_from(line).expect("parsed");
        assert!(cli.command.is_none());
    }
}

/// The options that `up` and `invoke` share.
#[derive(Parser)]
struct Alone {
    #[command(flatten)]
    stack: StackArgs,
}

fn options(line: &[&str]) -> anyhow::Result<Options> {
    let alone = Alone::try_parse_from([&["punctual"], line].concat())?;
    alone.stack.options(3000)
}

#[test]
fn every_option_reaches_the_stack() {
    let all = options(&[
        "--template=other.yaml",
        "--data-dir=data",
        "--region=eu-west-1",
        "--api-key=k",
        "--valkey-url=redis://127.0.0.1:6379",
        "--database-url=mysql://u:p@127.0.0.1/d",
        "--parameter-override=Stage=test",
        "--parameter-override=Formula=a=b",
        "--fault=firehose-failed-records=0.1",
        "--fault=service_latency_ms=20",
        "--max-environments=9",
        "--no-build",
    ])
    .expect("parsed");
    assert_eq!(all.template.to_str(), Some("other.yaml"));
    assert_eq!(all.data_dir.to_str(), Some("data"));
    assert_eq!((all.region.as_str(), all.api_key.as_str()), ("eu-west-1", "k"));
    assert_eq!(all.valkey_url.as_deref(), Some("redis://127.0.0.1:6379"));
    assert_eq!(all.database_url.as_deref(), Some("mysql://u:p@127.0.0.1/d"));
    let parameters: Vec<_> = all.parameters.iter().map(|(k, v)| format!("{k}:{v}")).collect();
    assert_eq!(parameters, ["Formula:a=b", "Stage:test"]);
    let faults = FaultSettings {
        firehose_failed_records: 0.1,
        service_latency_ms: 20,
        ..FaultSettings::default()
    };
    assert_eq!(all.faults, faults);
    assert_eq!((all.max_environments, all.build), (9, false));
}

#[test]
fn the_defaults_are_those_of_the_library() {
    let none = options(&[]).expect("parsed");
    // These may come from the environment of whoever runs this.
    let library = Options {
        api_key: none.api_key.clone(),
        database_url: none.database_url.clone(),
        ..Options::default()
    };
    assert_eq!(format!("{none:?}"), format!("{library:?}"));
}

#[test]
fn a_wrong_option_is_explained() {
    for (line, words) in [
        ("--fault=killed-invocations", "expected NAME=VALUE"),
        ("--fault=killed-invocations=often", "`often` is not a number"),
        ("--fault=killed=0.1", "firehose_failed_records"),
        ("--parameter-override=Stage", "expected NAME=VALUE"),
        ("--max-environments=0", "0 is not in 1.."),
    ] {
        let error = options(&[line]).expect_err(line);
        assert!(format!("{error:#}").contains(words), "{error:#}");
    }
}

#[test]
fn what_was_given_is_known_apart_from_defaults() {
    let line = [
        "punctual",
        "invoke",
        "f",
        "e.json",
        "--url=http://x",
        "--fault=sqs-failed-calls=1",
        "--region=us-east-1",
    ];
    let matches = Cli::command().try_get_matches_from(line).expect("parsed");
    let (_, invoke) = matches.subcommand().expect("invoke");
    assert_eq!(StackArgs::given(invoke), ["--region", "--fault"]);
}
