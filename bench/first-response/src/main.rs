//! First answers of fresh environments beside their later ones, with and without
//! warm-up.

mod cpu;
mod delay;
mod environment;
mod function;
mod runtime_api;
mod services;
mod strategy;

use std::time::Duration;

use clap::Parser;

use crate::{services::Services, strategy::Strategy};

/// Measures the release build.
#[derive(Debug, Parser)]
struct Args {
    /// Fresh environments of each strategy.
    #[arg(long, default_value_t = 100)]
    environments: usize,
    /// Requests to each environment, one after the other.
    #[arg(long, default_value_t = 24)]
    requests: usize,
    /// Memory of the function, which decides its share of a processor.
    #[arg(long, default_value_t = 128)]
    memory_mb: u64,
    #[arg(long)]
    cold: bool,
    /// Milliseconds that a byte takes to AWS and back.
    #[arg(long, default_value_t = 2.0)]
    round_trip_ms: f64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let services = Services::start(Duration::from_secs_f64(args.round_trip_ms / 1e3)).await?;
    let share = cpu::Share::of(args.memory_mb).ok();
    println!("share {}", share.is_some());
    let median = |mut all: Vec<f64>| {
        all.sort_by(f64::total_cmp);
        (all[all.len() / 2], all[all.len() * 99 / 100])
    };
    for function in std::iter::once(&function::INGEST).chain(&function::OTHERS) {
        for strategy in Strategy::ALL {
            if function.name != "trace-ingest"
                && matches!(strategy, Strategy::OneClient | Strategy::LocalFake)
            {
                continue;
            }
            let (mut init, mut first, mut steady, mut ratio) = (vec![], vec![], vec![], vec![]);
            for _ in 0..args.environments {
                let m = environment::measure(
                    function,
                    strategy,
                    &services,
                    share.as_ref(),
                    args.requests,
                    args.cold,
                )
                .await?;
                let ms: Vec<f64> = m.answers.iter().map(|a| a.as_secs_f64() * 1e3).collect();
                let s = median(ms[4..].to_vec()).0;
                init.push(m.init.as_secs_f64() * 1e3);
                first.push(ms[0]);
                steady.push(s);
                ratio.push(ms[0] / s);
            }
            let total = init.iter().zip(&first).map(|(a, b)| a + b).collect();
            println!(
                "{:18} {:16} init {:6.2} first {:6.2}/{:6.2} steady {:6.2} ratio {:5.2}/{:5.2} total {:6.2}",
                function.name,
                strategy.name(),
                median(init).0,
                median(first.clone()).0,
                median(first).1,
                median(steady).0,
                median(ratio.clone()).0,
                median(ratio).1,
                median(total).0
            );
        }
    }
    Ok(())
}
