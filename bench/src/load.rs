//! A closed loop of connections, each posting as soon as it is answered.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::bail;
use hdrhistogram::Histogram;

use crate::stack::agent;

/// What a round measured.
#[derive(Debug, Clone)]
pub struct Round {
    pub per_second: f64,
    /// Response times in microseconds.
    pub times: Histogram<u64>,
    /// Processor time of the function's environments in microseconds.
    pub cpu_us: f64,
}

/// Posts the bodies in turn to `url` over `connections` for `duration`; an
/// answer other than `status` is an error. `used_us` reads the function's
/// processor time so far.
pub fn run(
    url: &str,
    status: u16,
    connections: usize,
    duration: Duration,
    bodies: &[String],
    used_us: impl Fn() -> anyhow::Result<f64>,
) -> anyhow::Result<Round> {
    let used_before = used_us()?;
    let began = Instant::now();
    let connection = |first: usize| -> anyhow::Result<Histogram<u64>> {
        let agent = agent();
        let mut times = Histogram::new(3)?;
        let mut bodies = bodies.iter().cycle().skip(first);
        while let Some(body) = bodies.next()
            && began.elapsed() < duration
        {
            let asked = Instant::now();
            let request = agent
                .post(url)
                .header("x-api-key", "local-dev-key")
                .content_type("application/json");
            let mut response = request.send(body)?;
            let answer = response.body_mut().read_to_vec()?;
            times.record(asked.elapsed().as_micros() as u64)?;
            if response.status() != status {
                bail!(
                    "{url} answered {}: {}",
                    response.status(),
                    String::from_utf8_lossy(&answer)
                );
            }
        }
        Ok(times)
    };
    let all = thread::scope(|scope| {
        let handles: Vec<_> = (0..connections)
            .map(|n| scope.spawn(move || connection(n)))
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|p| std::panic::resume_unwind(p)))
            .collect()
    });
    let all: anyhow::Result<Vec<Histogram<u64>>> = all;
    let mut times = Histogram::new(3)?;
    for part in all? {
        times.add(part)?;
    }
    let per_second = times.len() as f64 / began.elapsed().as_secs_f64();
    Ok(Round {
        per_second,
        times,
        cpu_us: used_us()? - used_before,
    })
}
