//! The command line: what to run and with which options. Nothing is decided here.

mod help;
mod invoke;
mod migrate;
mod options;
mod status;
mod up;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use options::StackArgs;

use crate::{demo, generate, replay};

/// Runs template.yaml on this machine: its functions as processes, its queues
/// and delivery streams on disk, everything on one port. No Docker, no account.
#[derive(Parser)]
#[command(name = "punctual", version, after_help = help::UP, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    up: up::UpArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Build the functions and run the whole stack (the default)
    #[command(after_help = help::UP)]
    Up(up::UpArgs),
    /// Call one function once and print its answer
    #[command(after_help = help::INVOKE)]
    Invoke(invoke::InvokeArgs),
    /// Post the traces of a recording to a running stack, or to any other
    Replay(replay::ReplayArgs),
    /// Move a fleet, ask for riders' run sheets, open lessons at the next minute
    #[command(after_help = help::DEMO)]
    Demo(demo::DemoArgs),
    /// Say how a running stack is doing: rates, queues, lateness
    #[command(after_help = help::STATUS)]
    Status(status::StatusArgs),
    /// Bring a database's lesson tables up to this version
    #[command(after_help = help::MIGRATE)]
    Migrate(migrate::MigrateArgs),
    /// Work on the lesson tables
    #[command(subcommand)]
    Lessons(Lessons),
}

#[derive(Subcommand)]
enum Lessons {
    /// Fill the tables for load
    #[command(after_help = help::GENERATE)]
    Generate(generate::GenerateArgs),
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
        Command::Demo(args) => demo::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Status(args) => status::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Migrate(args) => migrate::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Lessons(Lessons::Generate(args)) => generate::run(&args).map(|()| ExitCode::SUCCESS),
    }
}

#[cfg(test)]
mod tests;
