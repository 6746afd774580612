//! What the runs add up to.

use std::{env, fs};

use hdrhistogram::Histogram;
use serde_json::Value;

use crate::{forward::Forward, ingest::Ingest, load::Round};

/// Firehose bills each record rounded up to this.
const BILLED_UNIT: f64 = 5.0 * 1024.0;

/// Everything that the report shows.
#[derive(Debug)]
pub struct Figures {
    pub empty: Total,
    pub ingest: Total,
    /// trace-ingest's throughput over the empty function's, pair by pair, sorted.
    pub ratios: Vec<f64>,
    /// Of the ingest run: what the forwarder made of single traces.
    pub packing: Packing,
    pub forward: Forward,
    pub forward_packing: Packing,
    pub functions: Vec<Function>,
}

/// All rounds of a function.
#[derive(Debug)]
pub struct Total {
    pub per_second: f64,
    pub times: Histogram<u64>,
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
        ingest: Ingest,
        init: [(&'static str, Vec<f64>); 3],
        status: &Value,
        forward: Forward,
        forward_status: &Value,
    ) -> anyhow::Result<Self> {
        let pairs = ingest.ingest.iter().zip(&ingest.empty);
        let mut ratios: Vec<f64> = pairs.map(|(a, b)| a.per_second / b.per_second).collect();
        ratios.sort_by(f64::total_cmp);
        let accepted = status["functions"]["TraceIngest"]["invocations"]
            .as_u64()
            .unwrap_or_default();
        let packages = ["empty", "trace-ingest", "trace-forward"];
        let functions = init
            .into_iter()
            .zip(packages)
            .map(|((function, times), package)| {
                Function::new(function, package, times, [status, forward_status])
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            empty: Total::new(&ingest.empty)?,
            ingest: Total::new(&ingest.ingest)?,
            ratios,
            packing: Packing::new(accepted, status),
            forward_packing: Packing::new(forward.traces, forward_status),
            forward,
            functions,
        })
    }

    pub fn median_ratio(&self) -> f64 {
        self.ratios[self.ratios.len() / 2]
    }
}

impl Total {
    fn new(rounds: &[Round]) -> anyhow::Result<Self> {
        let mut times = Histogram::new(3)?;
        rounds.iter().try_for_each(|round| times.add(&round.times))?;
        let per_second = rounds.iter().map(|round| round.per_second).sum::<f64>() / rounds.len() as f64;
        Ok(Self { per_second, times })
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
        statuses: [&Value; 2],
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
