//! Benchmarks of publishing on a real MariaDB.
//!
//! | module | does |
//! |---|---|
//! | [`server`], [`table`], [`due`] | a database, filled tables, lessons that are scheduled again for each round |
//! | [`client`], [`statements`], [`publisher`] | the plain client, what it sends, and our publisher |
//! | [`fire`], [`early`], [`bookings`], [`sizes`] with [`cold`], [`ways`] | the parts, each measured in rounds |
//! | [`parts`], [`scale`] | which part makes which section and picture, and how much of it |
//! | [`report`], [`text`], [`plot`], [`aim`], [`origin`] | what is kept |

mod aim;
mod booker;
mod bookings;
mod client;
mod cold;
mod due;
mod early;
mod fire;
mod looker;
mod origin;
mod parts;
mod plan;
mod plot;
mod progress;
mod publisher;
mod report;
mod scale;
mod server;
mod sizes;
mod statements;
mod stats;
mod table;
mod text;
mod ways;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use aim::Aim;
use parts::{Part, World};
use scale::Scale;

/// Measures the release build and writes publish.md and its pictures.
#[derive(Debug, Parser)]
struct Args {
    /// Measures this part, and replaces its section; may be repeated. All parts
    /// without it.
    #[arg(long, value_enum)]
    part: Vec<Part>,
    /// A few rounds on small tables, to see that it runs.
    #[arg(long)]
    quick: bool,
    /// Exits with 1 when an aim is missed.
    #[arg(long)]
    check: bool,
    /// Folder for the report and the pictures; bench, or target/bench-publish
    /// with --quick.
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let (scale, folder) = match args.quick {
        true => (Scale::quick(), "target/bench-publish"),
        false => (Scale::full(), "bench"),
    };
    let folder = args.out.unwrap_or_else(|| folder.into());
    std::fs::create_dir_all(&folder)?;
    let parts = if args.part.is_empty() {
        Part::ALL.to_vec()
    } else {
        args.part
    };
    let mut world = World::new(scale);
    let mut missed = 0;
    for part in parts {
        let origin = origin::now(part.option());
        let section = part.measure(&mut world, &folder)?;
        report::write(&folder, &world.version()?, &section, &origin)?;
        println!("## {}\n\n{}\n", section.title, section.text);
        for aim in &section.aims {
            println!("{}", aim.line());
        }
        missed += section.aims.iter().filter(|aim| !Aim::is_met(aim)).count();
    }
    Ok(match args.check && missed > 0 {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}
