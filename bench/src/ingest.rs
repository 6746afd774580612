//! trace-ingest against two baselines on the same stack, in turn.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use serde_json::{Value, json};

use crate::{
    cpu,
    load::{self, Round, Target},
    stack::Stack,
};

/// A function under load.
#[derive(Debug)]
pub struct Case {
    /// For the report.
    pub name: &'static str,
    /// Logical id in the template.
    pub function: &'static str,
    path: &'static str,
    /// What it answers.
    status: u16,
}

impl Case {
    /// So many connections to it.
    pub fn target<'a>(&self, stack: &Stack, load: Load, bodies: &'a [String]) -> Target<'a> {
        Target {
            url: format!("{}{}", stack.url, self.path),
            status: self.status,
            connections: load.connections,
            bodies,
        }
    }
}

/// The two baselines, then what is measured. The empty function shows what the
/// stack costs; the one that only sends a message, what a durable answer costs
/// at the least.
pub const CASES: [Case; 3] = [
    Case {
        name: "empty function",
        function: "Empty",
        path: "/empty",
        status: 200,
    },
    Case {
        name: "one SendMessage",
        function: "Enqueue",
        path: "/enqueue",
        status: 200,
    },
    Case {
        name: "trace-ingest",
        function: "TraceIngest",
        path: "/data/agents/traces",
        status: 202,
    },
];
/// Different bodies, posted in turn.
const BODIES: u64 = 64;

/// The rounds with so many traces a request.
#[derive(Debug)]
pub struct Compared {
    pub traces: u64,
    /// In the order of [`CASES`], in the order in which they ran.
    pub rounds: [Vec<Round>; 3],
    /// All that trace-ingest accepted, the first round that is not counted included.
    pub accepted: u64,
}

/// How much is posted, and how.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub rounds: u32,
    pub duration: Duration,
    pub connections: usize,
}

pub fn run(stack: &Stack, traces: u64, load: Load) -> anyhow::Result<Compared> {
    let bodies = bodies(traces);
    let round = |case: &Case| -> anyhow::Result<Round> {
        let used_us = || Ok(cpu::used_us(&stack.status()?, case.function));
        load::run(&case.target(stack, load, &bodies), load.duration, used_us)
    };
    let mut rounds = [Vec::new(), Vec::new(), Vec::new()];
    let mut accepted = 0;
    // Environments start and connections open in a round that is not counted.
    for n in 0..=load.rounds {
        for (case, rounds) in CASES.iter().zip(&mut rounds) {
            let round = round(case)?;
            if case.function == "TraceIngest" {
                accepted += round.times.len() * traces;
            }
            if n > 0 {
                rounds.push(round);
            }
        }
    }
    Ok(Compared {
        traces,
        rounds,
        accepted,
    })
}

/// Different requests of so many traces each.
pub fn bodies(traces: u64) -> Vec<String> {
    (0..BODIES).map(|n| body(n, traces)).collect()
}

/// Traces as a phone posts them, one second after the other.
fn body(n: u64, traces: u64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis() as u64;
    let trace = |second: u64| {
        json!({
            "agent_id": format!("rider-{n}"), "recorded_at": now - second * 1000, "lat": 53.44451, "lon": -2.925173,
            "accuracy_m": 5, "speed_mps": 8.3, "heading_deg": 53, "battery_pct": 81,
        })
    };
    let mut all: Vec<Value> = (0..traces).map(trace).collect();
    match all.len() {
        1 => all.remove(0).to_string(),
        _ => json!({ "traces": all }).to_string(),
    }
}

/// Milliseconds from the start of the process to its first `GET next`, of 20
/// fresh environments of each function.
pub fn init_times(stack: &Stack) -> anyhow::Result<[(&'static str, Vec<f64>); 3]> {
    let mut times = [
        ("Empty", Vec::new()),
        ("TraceIngest", Vec::new()),
        ("TraceForward", Vec::new()),
    ];
    for _ in 0..20 {
        for (function, times) in &mut times {
            stack.kill(function)?;
            // An empty batch starts an environment and does no work; for the HTTP
            // functions it is an event that they refuse.
            let url = format!("{}/2015-03-31/functions/{function}/invocations", stack.url);
            stack.agent.post(url).send("{\"Records\":[]}")?;
            let status = stack.status()?;
            let environments = status["functions"][*function]["environments"]
                .as_array()
                .context("environments")?;
            times.extend(
                environments
                    .iter()
                    .filter_map(|environment| environment["init_ms"].as_f64()),
            );
        }
    }
    Ok(times)
}
