//! trace-ingest against an empty function on the same stack, in turn.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use serde_json::json;

use crate::{
    load::{self, Round},
    stack::Stack,
};

/// The rounds, each pair in the order in which it ran.
#[derive(Debug)]
pub struct Ingest {
    pub empty: Vec<Round>,
    pub ingest: Vec<Round>,
}

/// A trace as a phone posts it, one second after the other.
fn trace(n: u64) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis() as u64;
    json!({
        "agent_id": format!("rider-{}", n % 1000), "recorded_at": now, "lat": 53.44451, "lon": -2.925173,
        "accuracy_m": 5, "speed_mps": 8.3, "heading_deg": 53, "battery_pct": 81,
    })
    .to_string()
}

pub fn run(stack: &Stack, rounds: u32, seconds: u64, connections: usize) -> anyhow::Result<Ingest> {
    let duration = Duration::from_secs(seconds);
    let empty = || {
        load::run(
            &format!("{}/empty", stack.url),
            200,
            connections,
            duration,
            &trace,
        )
    };
    let ingest = || {
        load::run(
            &format!("{}/data/agents/traces", stack.url),
            202,
            connections,
            duration,
            &trace,
        )
    };
    // Environments start and connections open in a round that is not counted.
    empty()?;
    ingest()?;
    let mut result = Ingest {
        empty: Vec::new(),
        ingest: Vec::new(),
    };
    for _ in 0..rounds {
        result.empty.push(empty()?);
        result.ingest.push(ingest()?);
    }
    Ok(result)
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
