//! First answers of fresh environments beside their later ones, with and without
//! warm-up.

mod args;
mod cpu;
mod delay;
mod environment;
mod figures;
mod function;
mod goals;
mod memory;
mod origin;
mod plot;
mod report;
mod run;
mod runtime_api;
mod services;
mod strategy;

use std::{fs, process::ExitCode};

use clap::Parser as _;

use crate::args::Args;

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let origin = origin::now();
    let measured = run::all(&args).await?;
    let goals = goals::of(&measured);
    if args.json {
        println!("{}", serde_json::to_string(&measured)?);
    } else {
        fs::create_dir_all(&args.out)?;
        let text = report::write(&args, &measured, &goals, &origin);
        fs::write(args.out.join("first-response.md"), &text)?;
        fs::write(
            args.out.join("first-response.svg"),
            plot::pillars(&measured.ingest),
        )?;
        println!("{text}");
    }
    let missed = goals.iter().any(|goal| !goal.is_met());
    Ok(if args.check && missed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
