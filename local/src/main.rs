//! `punctual`: the local stack's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    match local::cli::run() {
        Ok(code) => code,
        Err(error) => {
            local::console::error(format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
