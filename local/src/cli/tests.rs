use clap::CommandFactory as _;

use super::*;

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
    let cli = Cli::try_parse_from(["punctual", "up", "--fault", "killed-invocations=0.1"]);
    assert!(matches!(cli.expect("parsed").command, Some(Command::Up(_))));
    assert!(Cli::try_parse_from(["punctual", "--fault", "killed-invocations"]).is_err());
}
