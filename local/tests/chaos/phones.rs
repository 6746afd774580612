use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use ureq::Agent;

/// 2026-01-26T00:00:00Z; each trace of an agent is a second after the last.
const FIRST_S: u64 = 1_769_385_600;

/// What the phones have sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// How often each trace was sent until it was acknowledged; its key is
    /// `agent second`.
    pub tries: BTreeMap<String, u32>,
    /// The longest wait for an answer.
    pub slowest: Duration,
}

/// Phones of all three kinds, each posting one request after the other and
/// sending again what was not acknowledged, as the apps do.
pub struct Phones {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Sent>>,
}

impl Phones {
    pub fn start(url: &str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let kinds: [fn(&str, u64) -> Post; 4] = [native_one, native_batch, owntracks, overland];
        let start = |(n, post): (usize, fn(&str, u64) -> Post)| {
            let (stop, url) = (stop.clone(), format!("{url}/data/agents/traces"));
            thread::spawn(move || phone(&url, &format!("phone-{n}"), post, &stop))
        };
        let threads = kinds.into_iter().chain(kinds).enumerate().map(start).collect();
        Self { stop, threads }
    }

    pub fn run_for(&self, duration: Duration) {
        thread::sleep(duration);
    }

    /// Lets each phone finish its request; returns what was acknowledged.
    pub fn stop(self) -> Sent {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Sent::default();
        for thread in self.threads {
            let sent = thread.join().expect("no panic");
            all.tries.extend(sent.tries);
            all.slowest = all.slowest.max(sent.slowest);
        }
        all
    }
}

/// A body and the seconds of the traces in it.
struct Post {
    body: Value,
    seconds: Vec<u64>,
    success: u16,
}

fn phone(url: &str, agent_id: &str, post: fn(&str, u64) -> Post, stop: &AtomicBool) -> Sent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(15)));
    let agent: Agent = config.build().into();
    let mut sent = Sent::default();
    let mut second = FIRST_S;
    while !stop.load(Ordering::Relaxed) {
        let post = post(agent_id, second);
        second += post.seconds.len() as u64;
        let tries = until_acknowledged(&agent, url, &post, &mut sent.slowest);
        sent.tries.extend(
            post.seconds
                .iter()
                .map(|second| (format!("{agent_id} {second}"), tries)),
        );
    }
    sent
}

fn until_acknowledged(agent: &Agent, url: &str, post: &Post, slowest: &mut Duration) -> u32 {
    let body = post.body.to_string();
    for tries in 1..600 {
        let asked = Instant::now();
        let answer = agent.post(url).header("x-api-key", "local-dev-key").send(&body);
        *slowest = asked.elapsed().max(*slowest);
        match answer.map(|response| response.status().as_u16()) {
            Ok(status) if status == post.success => return tries,
            Ok(status @ 400..=499) if status != 429 => panic!("a good body was answered {status}"),
            _ => thread::sleep(Duration::from_millis(100)),
        }
    }
    panic!("not acknowledged within a minute");
}

fn native(agent_id: &str, second: u64) -> Value {
    json!({"agent_id": agent_id, "recorded_at": second * 1000, "lat": 53.4, "lon": -2.9})
}

fn native_one(agent_id: &str, second: u64) -> Post {
    Post {
        body: native(agent_id, second),
        seconds: vec![second],
        success: 202,
    }
}

fn native_batch(agent_id: &str, second: u64) -> Post {
    let seconds: Vec<u64> = (second..second + 40).collect();
    let traces: Vec<_> = seconds.iter().map(|second| native(agent_id, *second)).collect();
    Post {
        body: json!({ "traces": traces }),
        seconds,
        success: 202,
    }
}

fn owntracks(agent_id: &str, second: u64) -> Post {
    let topic = format!("owntracks/{agent_id}");
    let body =
        json!({"_type": "location", "lat": 53.4, "lon": -2.9, "tst": second, "topic": topic, "vel": 36});
    Post {
        body,
        seconds: vec![second],
        success: 200,
    }
}

fn overland(agent_id: &str, second: u64) -> Post {
    let seconds: Vec<u64> = (second..second + 100).collect();
    let feature = |second: &u64| {
        let timestamp = jiff::Timestamp::from_second(*second as i64)
            .expect("in range")
            .to_string();
        json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [-2.9, 53.4]},
               "properties": {"timestamp": timestamp, "device_id": agent_id, "speed": -1}})
    };
    let locations: Vec<_> = seconds.iter().map(feature).collect();
    Post {
        body: json!({ "locations": locations }),
        seconds,
        success: 200,
    }
}
