//! What the runs add up to.

use std::{env, fs};

use hdrhistogram::Histogram;
use serde_json::Value;

use crate::{forward::Forward, ingest::Compared, load::Round, ratio::Ratio};

/// Firehose bills each record rounded up to this.
const BILLED_UNIT: f64 = 5.0 * 1024.0;

/// Everything that the report shows.
#[derive(Debug)]
pub struct Figures {
    pub posted: Vec<Posted>,
    pub forward: Forward,
    pub forward_packing: Packing,
    pub functions: Vec<Function>,
}

/// trace-ingest and its baselines with so many traces a request.
#[derive(Debug)]
pub struct Posted {
    pub traces: u64,
    /// In the order of [`crate::ingest::CASES`].
    pub totals: Vec<Total>,
    /// trace-ingest's throughput over each baseline's.
    pub ratios: [Ratio; 2],
    /// What the forwarder made of it.
    pub packing: Packing,
}

/// All rounds of a function.
#[derive(Debug)]
pub struct Total {
    pub per_second: f64,
    pub times: Histogram<u64>,
    /// Processor time of the function, in microseconds a request.
    pub cpu_us: f64,
}

/// What reached Firehose.
#[derive(Debug)]
pub struct Packing {
    pub traces: u64,
    pub calls: u64,
    pub records: u64,
    pub units: u64,
    /// Units if nothing were lost to rounding.
    pub ideal_units: f64,
}

#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    pub size_mb: f64,
    /// Median and largest of the fresh environments, in milliseconds.
    pub init_ms: (f64, f64),
    pub peak_mb: f64,
}

impl Figures {
    pub fn new(
        posted: &[(Compared, Value)],
        init: [(&'static str, Vec<f64>); 3],
        forward: Forward,
        forward_status: &Value,
    ) -> anyhow::Result<Self> {
        let statuses: Vec<&Value> = posted
            .iter()
            .map(|(_, status)| status)
            .chain([forward_status])
            .collect();
        let packages = ["empty", "trace-ingest", "trace-forward"];
        let functions = init
            .into_iter()
            .zip(packages)
            .map(|((function, times), package)| Function::new(function, package, times, &statuses))
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            posted: posted
                .iter()
                .map(|(compared, status)| Posted::new(compared, status))
                .collect::<anyhow::Result<_>>()?,
            forward_packing: Packing::new(forward.traces, forward_status),
            forward,
            functions,
        })
    }
}

impl Posted {
    fn new(compared: &Compared, status: &Value) -> anyhow::Result<Self> {
        let [empty, enqueue, ingest] = &compared.rounds;
        Ok(Self {
            traces: compared.traces,
            totals: compared
                .rounds
                .iter()
                .map(|rounds| Total::new(rounds))
                .collect::<anyhow::Result<_>>()?,
            ratios: [empty, enqueue].map(|baseline| {
                let pairs = ingest.iter().zip(baseline);
                Ratio::of(pairs.map(|(one, base)| (one.per_second, base.per_second)))
            }),
            packing: Packing::new(compared.accepted, status),
        })
    }
}

impl Total {
    fn new(rounds: &[Round]) -> anyhow::Result<Self> {
        let mut times = Histogram::new(3)?;
        rounds.iter().try_for_each(|round| times.add(&round.times))?;
        let per_second = rounds.iter().map(|round| round.per_second).sum::<f64>() / rounds.len() as f64;
        let cpu_us = rounds.iter().map(|round| round.cpu_us).sum::<f64>() / times.len().max(1) as f64;
        Ok(Self {
            per_second,
            times,
            cpu_us,
        })
    }

    /// A quantile in milliseconds.
    pub fn ms(&self, quantile: f64) -> f64 {
        self.times.value_at_quantile(quantile) as f64 / 1e3
    }
}

impl Packing {
    fn new(traces: u64, status: &Value) -> Self {
        let stream = &status["streams"]["traces"];
        let count = |name: &str| stream[name].as_u64().unwrap_or_default();
        Self {
            traces,
            calls: count("calls"),
            records: count("records"),
            units: count("billed_5kb_units"),
            ideal_units: count("bytes") as f64 / BILLED_UNIT,
        }
    }
}

impl Function {
    fn new(
        name: &'static str,
        package: &'static str,
        mut times: Vec<f64>,
        statuses: &[&Value],
    ) -> anyhow::Result<Self> {
        times.sort_by(f64::total_cmp);
        let size = fs::metadata(env::current_exe()?.with_file_name(package))?.len();
        let environments = statuses
            .iter()
            .flat_map(|s| s["functions"][name]["environments"].as_array())
            .flatten();
        let peak = environments
            .filter_map(|e| e["peak_rss_bytes"].as_u64())
            .max()
            .unwrap_or_default();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        Ok(Self {
            name: package,
            size_mb: size as f64 / 1e6,
            init_ms: (median, times.last().copied().unwrap_or_default()),
            peak_mb: peak as f64 / 1e6,
        })
    }
}
