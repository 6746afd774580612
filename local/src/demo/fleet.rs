//! Agents on the move, as long as the other acts go on.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::sleep;
use std::time::{Duration, Instant};

use indicatif::HumanCount;
use jiff::Timestamp;
use rand::random_range;
use serde::Serialize;
use serde_json::{Value, json};
use ureq::Agent;

use super::riders::TOWN;

/// Between two positions of an agent.
const BEAT: Duration = Duration::from_secs(1);
/// For one request; the app would keep the position and try again.
const PATIENCE: Duration = Duration::from_secs(10);
/// Degrees that an agent moves in a beat at most, about 30 km/h.
const STEP: f64 = 0.000_08;

/// What they sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Driving {
    /// Agents on the move.
    pub agents: u64,
    /// Requests, of one position each.
    pub requests: u64,
    /// Positions that are safe in the queue.
    pub accepted: u64,
    /// Requests that were answered with anything but 202, or not at all.
    pub failed: u64,
}

struct Rider {
    lon: f64,
    lat: f64,
    heading: f64,
}

/// Moves so many agents, each by a step a second, until `is_over`.
pub(super) fn act(url: &str, api_key: &str, agents: u64, is_over: &AtomicBool) -> Driving {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE));
    let agent: Agent = config.build().into();
    let url = format!("{url}/data/agents/traces");
    let mut riders: Vec<Rider> = (0..agents).map(|_| Rider::somewhere()).collect();
    let mut driving = Driving {
        agents,
        ..Driving::default()
    };
    while !is_over.load(Relaxed) {
        let beat = Instant::now();
        for (n, rider) in riders.iter_mut().enumerate() {
            rider.move_on();
            let answer = agent
                .post(&url)
                .header("x-api-key", api_key)
                .send_json(rider.trace(n + 1));
            driving.requests += 1;
            match answer {
                Ok(answer) if answer.status().as_u16() == 202 => driving.accepted += 1,
                _ => driving.failed += 1,
            }
            if is_over.load(Relaxed) {
                return driving;
            }
            // Spread over the beat: phones do not send in step.
            let turn = beat + BEAT.mul_f64((n + 1) as f64 / agents as f64);
            sleep(turn.saturating_duration_since(Instant::now()));
        }
        if agents == 0 {
            return driving;
        }
    }
    driving
}

impl Rider {
    fn somewhere() -> Self {
        let [lon, lat] = TOWN.map(|centre| centre + random_range(-0.02..=0.02));
        Self {
            lon,
            lat,
            heading: random_range(0.0..360.0),
        }
    }

    fn move_on(&mut self) {
        self.heading = (self.heading + random_range(-25.0..=25.0)).rem_euclid(360.0);
        let (sin, cos) = self.heading.to_radians().sin_cos();
        self.lat += STEP * cos;
        self.lon += STEP * sin / self.lat.to_radians().cos();
    }

    fn trace(&self, n: usize) -> Value {
        json!({
            "agent_id": format!("demo-agent-{n}"),
            "recorded_at": Timestamp::now().as_millisecond(),
            "lat": self.lat,
            "lon": self.lon,
            "speed_mps": 8.3,
            "heading_deg": self.heading.round(),
        })
    }
}

impl fmt::Display for Driving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [agents, accepted, requests] = [self.agents, self.accepted, self.requests].map(HumanCount);
        write!(
            f,
            "{agents} agents sent {requests} positions, {accepted} of them are safe"
        )?;
        match self.failed {
            0 => Ok(()),
            failed => write!(f, "; {} were refused or not answered", HumanCount(failed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driving_is_told_in_a_line() {
        let driving = Driving {
            agents: 50,
            requests: 3_000,
            accepted: 2_998,
            failed: 2,
        };
        assert_eq!(
            driving.to_string(),
            "50 agents sent 3,000 positions, 2,998 of them are safe; 2 were refused or not answered"
        );
    }

    #[test]
    fn an_agent_moves_by_about_nine_metres() {
        let mut rider = Rider::somewhere();
        let (lat, lon) = (rider.lat, rider.lon);
        rider.move_on();
        let north = (rider.lat - lat) * 111_195.0;
        let east = (rider.lon - lon) * 111_195.0 * lat.to_radians().cos();
        let metres = north.hypot(east);
        assert!((8.0..10.0).contains(&metres), "{metres}");
    }
}
