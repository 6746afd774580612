//! The command line: what to run and with which options. Nothing is decided here.

mod invoke;
mod options;
mod running;
mod up;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use options::StackArgs;

use crate::replay;

const EXAMPLES: &str = "\
Examples:
  punctual                                            build, start, serve on port 3000
  punctual --port 3001 --data-dir /tmp/other          a second stack beside the first
  punctual --fault firehose-failed-records=0.1        with 10 % failed records
  punctual invoke trace-ingest events/health.json     one call of one function
  punctual replay route.csv                           post a recorded route";

/// The SAM template's functions, queues and delivery streams on this machine.
#[derive(Parser)]
#[command(name = "punctual", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    up: up::UpArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Build the functions and run the whole stack (the default)
    Up(up::UpArgs),
    /// Call one function once and print its answer
    Invoke(invoke::InvokeArgs),
    /// Post recorded traces to a running stack
    Replay(replay::ReplayArgs),
}

/// Runs what the command line asks for.
pub fn run() -> anyhow::Result<ExitCode> {
    let matches = Cli::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let (_, matches) = matches.subcommand().unwrap_or(("up", &matches));
    match cli.command.unwrap_or(Command::Up(cli.up)) {
        Command::Up(args) => up::run(args),
        Command::Invoke(args) => invoke::run(&args, &StackArgs::given(matches)),
        Command::Replay(args) => replay::run(args).map(|()| ExitCode::SUCCESS),
    }
}

#[cfg(test)]
mod tests;
