//! Riders that ask for their run sheets, one after the other.

use std::fmt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use indicatif::HumanCount;
use jiff::Timestamp;
use rand::random_range;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ureq::Agent;

use super::stage::Stage;
use crate::progress;

/// The API gives an answer up after 30 s.
const PATIENCE: Duration = Duration::from_secs(35);
/// Tries of one question while as many searches run as are reserved.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);
/// Where they ride: longitude and latitude, and degrees to either side.
pub(super) const TOWN: [f64; 2] = [-2.98, 53.41];
const REACH: f64 = 0.02;

/// What they were answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Riding {
    /// Riders that got a run sheet.
    pub answers: u64,
    /// Of these, the ones whose sheet is proven to be the best.
    pub proven: u64,
    /// Orders of all.
    pub orders: u64,
    /// From question to answer.
    pub median_ms: f64,
    /// The same of the longest.
    pub longest_ms: f64,
}

/// As much of an answer as is counted.
#[derive(Deserialize)]
struct Answer {
    proof: Proof,
}

#[derive(Deserialize)]
struct Proof {
    status: String,
}

/// Asks for `count` riders.
pub(super) fn act(stage: &Stage<'_>, count: u64, api_key: &str) -> anyhow::Result<Riding> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE));
    let agent: Agent = config.build().into();
    let url = format!("{}/data/agents/actions", stage.stack.url());
    let now = Timestamp::now().as_second();
    let bar = progress::of("riders", count);
    let (mut proven, mut orders) = (0, 0);
    let mut times = Vec::new();
    for n in 1..=count {
        let size = random_range(3..=8);
        let (answer, time) = ask(&agent, &url, api_key, &rider(n, size, now))?;
        proven += u64::from(answer.proof.status == "optimal");
        orders += size;
        times.push(time);
        bar.inc(1);
    }
    bar.finish_and_clear();
    times.sort_unstable();
    let ms = |time: Option<&Duration>| time.map_or(0.0, |time| (time.as_secs_f64() * 1e4).round() / 10.0);
    Ok(Riding {
        answers: count,
        proven,
        orders,
        median_ms: ms(times.get(times.len() / 2)),
        longest_ms: ms(times.last()),
    })
}

/// Asks until there is a place among the searches, and tells how long the last
/// question took.
fn ask(agent: &Agent, url: &str, api_key: &str, rider: &Value) -> anyhow::Result<(Answer, Duration)> {
    for _ in 0..TRIES {
        let request = agent.post(url).header("x-api-key", api_key);
        let asked = Instant::now();
        let mut response = request.send_json(rider).with_context(|| url.to_owned())?;
        let text = response.body_mut().read_to_string()?;
        let time = asked.elapsed();
        match response.status().as_u16() {
            200 => {
                let answer = serde_json::from_str(&text).with_context(|| format!("{url} answered {text}"));
                return Ok((answer?, time));
            }
            401 => bail!("{url} refuses the API key; give the right one with --api-key"),
            429 | 503 => sleep(PAUSE),
            status => bail!("{url} answered {status}: {text}"),
        }
    }
    bail!("{url} had no place for a search, {TRIES} times")
}

/// A rider with as many orders, some of them ready already, all due within the hour.
fn rider(n: u64, orders: u64, now: i64) -> Value {
    let place = || TOWN.map(|centre| centre + random_range(-REACH..=REACH));
    let shipments = (1..=orders).map(|id| {
        let ready = now + random_range(0..=1200);
        let due = ready + random_range(1200..=2400);
        let [pickup, delivery] = [place(), place()];
        json!({
            "amount": [1],
            "pickup": {"id": id, "location": pickup, "service": 120, "time_windows": [[ready, due]]},
            "delivery": {"id": id, "location": delivery, "service": 60, "time_windows": [[ready, due]]},
        })
    });
    json!({
        "agent_id": format!("demo-rider-{n}"),
        "vehicles": [{"id": n, "start": place(), "capacity": [3], "time_window": [now, now + 14_400]}],
        "shipments": shipments.collect::<Vec<_>>(),
    })
}

impl fmt::Display for Riding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            median_ms,
            longest_ms,
            ..
        } = self;
        let [answers, proven, orders] = [self.answers, self.proven, self.orders].map(HumanCount);
        write!(
            f,
            "{answers} riders with {orders} orders got their run sheets, {proven} of them proven to be the best: \
             {median_ms} ms at the median, {longest_ms} ms at the longest"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_riding_is_told_in_a_line() {
        let riding = Riding {
            answers: 36,
            proven: 35,
            orders: 1_198,
            median_ms: 3.0,
            longest_ms: 12.4,
        };
        assert_eq!(
            riding.to_string(),
            "36 riders with 1,198 orders got their run sheets, 35 of them proven to be the best: 3 ms at the \
             median, 12.4 ms at the longest"
        );
    }
}
