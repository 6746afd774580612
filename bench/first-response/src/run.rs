//! What is measured, in turns, so that a noisy minute is everyone's.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::{
    args::Args,
    cpu::{Share, WHOLE_MB},
    environment::{Measured, measure},
    function::{EMPTY, Function, INGEST, OTHERS},
    memory,
    services::Services,
    strategy::Strategy,
};

/// The functions' own ways, as the template has them.
const OWN: [Strategy; 3] = [Strategy::Off, Strategy::Connect, Strategy::Full];

/// Everything.
#[derive(Debug, Serialize)]
pub struct All {
    /// Whether the functions had but the share of a processor that their memory gives.
    pub is_shared: bool,
    /// Init of a function that does nothing, and of trace-ingest that warms nothing up,
    /// in turns.
    pub inits: [Vec<Duration>; 2],
    /// trace-ingest, in each way.
    pub ingest: Vec<Case>,
    /// trace-ingest with a whole processor.
    pub whole: Vec<Case>,
    /// The other functions, each in its own ways.
    pub others: Vec<Other>,
}

/// A function with the memory that the template gives it.
#[derive(Debug, Serialize)]
pub struct Other {
    pub name: &'static str,
    pub request: &'static str,
    pub memory_mb: u64,
    pub cases: Vec<Case>,
}

/// One function, warmed up in one way, in many environments.
#[derive(Debug, Serialize)]
pub struct Case {
    pub strategy: Strategy,
    pub environments: Vec<Measured>,
}

pub async fn all(args: &Args) -> anyhow::Result<All> {
    let share = Share::of(args.memory_mb)
        .inspect_err(|error| {
            eprintln!("no control group ({error}): the functions have a whole processor; try as root");
        })
        .ok();
    let memory = memory::of_template()?;
    let services = Services::start(args.round_trip()).await?;
    let environments = args.environments as usize;
    let turns = environments * (Strategy::ALL.len() + 1 + OWN.len() * (1 + OTHERS.len()));
    let bar = ProgressBar::new(turns as u64);
    bar.set_style(ProgressStyle::with_template(
        "{msg:18} {bar:40} {pos}/{len} environments, {eta} left",
    )?);
    let run = Run {
        services,
        requests: args.requests as usize,
        environments,
        bar,
    };
    let mut inits = [Vec::new(), Vec::new()];
    for _ in 0..environments {
        run.bar.inc(1);
        for (inits, function) in inits.iter_mut().zip([&EMPTY, &INGEST]) {
            inits.push(
                measure(function, Strategy::Off, &run.services, None, 0)
                    .await?
                    .init,
            );
        }
    }
    let ingest = run.cases(&INGEST, &Strategy::ALL, share.as_ref()).await?;
    let whole = run.cases(&INGEST, &OWN, None).await?;
    let mut others = Vec::new();
    for function in &OTHERS {
        let memory_mb = memory[function.name];
        let share = match share.is_some() && memory_mb < WHOLE_MB {
            true => Some(Share::of(memory_mb)?),
            false => None,
        };
        others.push(Other {
            name: function.name,
            request: function.request,
            memory_mb,
            cases: run.cases(function, &OWN, share.as_ref()).await?,
        });
    }
    run.bar.finish_and_clear();
    Ok(All {
        is_shared: share.is_some(),
        inits,
        ingest,
        whole,
        others,
    })
}

struct Run {
    services: Services,
    requests: usize,
    environments: usize,
    bar: ProgressBar,
}

impl Run {
    async fn cases(
        &self,
        function: &Function,
        strategies: &[Strategy],
        share: Option<&Share>,
    ) -> anyhow::Result<Vec<Case>> {
        let case = |&strategy| Case {
            strategy,
            environments: Vec::new(),
        };
        let mut cases: Vec<Case> = strategies.iter().map(case).collect();
        self.bar.set_message(function.name);
        for _ in 0..self.environments {
            for case in &mut cases {
                let measured = measure(function, case.strategy, &self.services, share, self.requests);
                case.environments.push(measured.await?);
                self.bar.inc(1);
            }
        }
        Ok(cases)
    }
}
