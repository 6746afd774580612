//! How long traces take while actions computes as much as it may.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::{cpu, ingest, origin, ratio::Ratio, stack::Stack, stack::agent};

/// Orders of one rider, far more than can be proven.
const ORDERS: u64 = 40;
/// As the API's default.
const BUDGET_MS: u64 = 2000;
/// Threads that post traces: so many may be late before one more would be.
const SENDERS: usize = 64;
/// From the first search to the first trace that counts.
const SETTLE: Duration = Duration::from_millis(500);

/// Traces at a fixed rate, in turn with actions idle and saturated.
#[derive(Debug)]
pub struct Isolation {
    pub origin: String,
    /// Traces a second, one a request.
    pub rate: u64,
    pub seconds: u64,
    /// Searches at once: all that the template reserves.
    pub searches: u64,
    pub cores: usize,
    pub pairs: Vec<Pair>,
}

/// A round with actions idle and one with it saturated, side by side.
#[derive(Debug)]
pub struct Pair {
    pub idle: Phase,
    pub saturated: Phase,
}

/// One round.
#[derive(Debug)]
pub struct Phase {
    /// From when a trace should have been sent to its answer, in microseconds.
    pub times: Histogram<u64>,
    /// Processors that actions used.
    pub actions_cores: f64,
    /// Processors that anything used, actions and what else ran on the machine.
    pub busy_cores: f64,
    /// Searches that ended meanwhile, none of them with a proof.
    pub answers: u64,
}

pub fn run(stack: &Stack, rounds: u32, rate: u64, seconds: u64) -> anyhow::Result<Isolation> {
    let origin = origin::now("isolation");
    let status = stack.status()?;
    let searches = status["functions"]["Actions"]["max_environments"].as_u64();
    let searches = searches.context("how many environments actions may have")?;
    let round = |searches| phase(stack, searches, rate, Duration::from_secs(seconds));
    // Environments start and connections open in rounds that are not counted.
    round(0)?;
    round(searches)?;
    let mut pairs = Vec::new();
    for n in 0..rounds {
        // What drifts goes against the one as often as against the other.
        let pair = if n % 2 == 0 {
            let idle = round(0)?;
            Pair {
                idle,
                saturated: round(searches)?,
            }
        } else {
            let saturated = round(searches)?;
            Pair {
                idle: round(0)?,
                saturated,
            }
        };
        pairs.push(pair);
    }
    Ok(Isolation {
        origin: origin.line(),
        rate,
        seconds,
        searches,
        cores: thread::available_parallelism().map_or(0, usize::from),
        pairs,
    })
}

fn phase(stack: &Stack, searches: u64, rate: u64, duration: Duration) -> anyhow::Result<Phase> {
    let over = AtomicBool::new(false);
    let answers = AtomicU64::new(0);
    thread::scope(|scope| {
        let searching: Vec<_> = (0..searches)
            .map(|n| {
                let (over, answers) = (&over, &answers);
                scope.spawn(move || search(&stack.url, n, over, answers))
            })
            .collect();
        if searches > 0 {
            thread::sleep(SETTLE);
        }
        let used_us = || Ok::<_, anyhow::Error>(cpu::used_us(&stack.status()?, "Actions"));
        let measured = used_us().and_then(|before| {
            let busy_before = cpu::busy_us();
            let began = Instant::now();
            let times = traces(&stack.url, rate, duration)?;
            let elapsed_us = began.elapsed().as_micros() as f64;
            let busy_cores = (cpu::busy_us() - busy_before) / elapsed_us;
            let actions_cores = (used_us()? - before) / elapsed_us;
            Ok((times, actions_cores, busy_cores))
        });
        over.store(true, Relaxed);
        for search in searching {
            search.join().unwrap_or_else(|p| std::panic::resume_unwind(p))?;
        }
        let (times, actions_cores, busy_cores) = measured?;
        Ok(Phase {
            times,
            actions_cores,
            busy_cores,
            answers: answers.load(Relaxed),
        })
    })
}

/// One search after the other until it is over.
fn search(url: &str, first: u64, over: &AtomicBool, answers: &AtomicU64) -> anyhow::Result<()> {
    let agent = agent();
    for n in 0.. {
        if over.load(Relaxed) {
            break;
        }
        let request = agent
            .post(format!("{url}/data/agents/actions"))
            .header("x-api-key", "local-dev-key")
            .content_type("application/json");
        let mut response = request.send(rider(first * 1000 + n).to_string())?;
        let text = response.body_mut().read_to_string()?;
        ensure!(
            response.status() == 200,
            "actions answered {}: {text}",
            response.status()
        );
        let answer: Value = serde_json::from_str(&text)?;
        let stopped = &answer["stop_reason"];
        ensure!(stopped != "optimal", "a search ended early: {stopped}");
        answers.fetch_add(1, Relaxed);
    }
    Ok(())
}

/// A rider with orders all over a town, due in the next two hours.
fn rider(n: u64) -> Value {
    // Another problem each time, and the same ones in each run.
    let mut state = n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut stop = |id: u64, from: u64| {
        let location = [
            -3.0 + random(1000) as f64 / 1e4,
            53.35 + random(1000) as f64 / 1e4,
        ];
        let start = from + random(3600);
        json!({"id": id, "location": location, "service": 60, "time_windows": [[start, start + 3600]]})
    };
    let shipments: Vec<Value> = (1..=ORDERS)
        .map(|id| json!({"amount": [1], "pickup": stop(id, 0), "delivery": stop(id, 900)}))
        .collect();
    json!({
        "agent_id": format!("bench-{n}"),
        "vehicles": [{"id": 1, "start": [-2.95, 53.4], "capacity": [4], "time_window": [0, 28_800]}],
        "shipments": shipments,
        "options": {"budget_ms": BUDGET_MS, "seed": n},
    })
}

/// Posts one trace after the other, each at its own instant, whether those
/// before it are answered or not.
fn traces(url: &str, rate: u64, duration: Duration) -> anyhow::Result<Histogram<u64>> {
    let bodies = ingest::bodies(1);
    let url = format!("{url}/data/agents/traces");
    let next = AtomicU64::new(0);
    let began = Instant::now();
    let sender = || -> anyhow::Result<Histogram<u64>> {
        let agent = agent();
        let mut times = Histogram::new(3)?;
        loop {
            let n = next.fetch_add(1, Relaxed);
            let due = Duration::from_nanos(n * 1_000_000_000 / rate);
            if due >= duration {
                return Ok(times);
            }
            thread::sleep(due.saturating_sub(began.elapsed()));
            let request = agent
                .post(&url)
                .header("x-api-key", "local-dev-key")
                .content_type("application/json");
            let mut response = request.send(&bodies[n as usize % bodies.len()])?;
            let answer = response.body_mut().read_to_string()?;
            times.record((began.elapsed() - due).as_micros() as u64)?;
            ensure!(
                response.status() == 202,
                "{url} answered {}: {answer}",
                response.status()
            );
        }
    };
    thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS).map(|_| scope.spawn(sender)).collect();
        let mut all = Histogram::new(3)?;
        for sender in senders {
            all.add(sender.join().unwrap_or_else(|p| std::panic::resume_unwind(p))?)?;
        }
        Ok(all)
    })
}

impl Isolation {
    /// A quantile of all idle rounds and of all saturated ones, in milliseconds.
    pub fn ms(&self, quantile: f64) -> anyhow::Result<[f64; 2]> {
        let mut all = [Histogram::new(3)?, Histogram::new(3)?];
        for pair in &self.pairs {
            all[0].add(&pair.idle.times)?;
            all[1].add(&pair.saturated.times)?;
        }
        Ok(all.map(|times: Histogram<u64>| times.value_at_quantile(quantile) as f64 / 1e3))
    }

    /// Saturated over idle.
    pub fn ratio(&self, quantile: f64) -> Ratio {
        let at = |phase: &Phase| phase.times.value_at_quantile(quantile) as f64;
        Ratio::of(
            self.pairs
                .iter()
                .map(|pair| (at(&pair.saturated), at(&pair.idle))),
        )
    }
}
