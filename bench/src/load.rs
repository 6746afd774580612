//! A closed loop of connections, each posting as soon as it is answered.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use anyhow::bail;
use hdrhistogram::Histogram;

use crate::stack::agent;

/// What is posted, and where.
#[derive(Debug)]
pub struct Target<'a> {
    pub url: String,
    /// Any other answer is an error.
    pub status: u16,
    pub connections: usize,
    /// Posted in turn.
    pub bodies: &'a [String],
}

/// What a round measured.
#[derive(Debug, Clone)]
pub struct Round {
    pub per_second: f64,
    /// Response times in microseconds.
    pub times: Histogram<u64>,
    /// Processor time of the function's environments in microseconds.
    pub cpu_us: f64,
}

/// Posts for so long; `used_us` reads the function's processor time so far.
pub fn run(
    target: &Target<'_>,
    duration: Duration,
    used_us: impl Fn() -> anyhow::Result<f64>,
) -> anyhow::Result<Round> {
    let used_before = used_us()?;
    let began = Instant::now();
    let connection = |first: usize| -> anyhow::Result<Histogram<u64>> {
        let mut times = Histogram::new(3)?;
        let goes_on = || began.elapsed() < duration;
        target.post(first, goes_on, |took| Ok(times.record(took.as_micros() as u64)?))?;
        Ok(times)
    };
    let all = thread::scope(|scope| {
        let connections = (0..target.connections).map(|n| scope.spawn(move || connection(n)));
        let connections: Vec<_> = connections.collect();
        let joined = connections.into_iter().map(join);
        joined.collect::<anyhow::Result<Vec<Histogram<u64>>>>()
    });
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

/// Posts for as long as `work` takes, which is shown how many requests were answered so
/// far.
pub fn beside<T>(
    target: &Target<'_>,
    work: impl FnOnce(&AtomicU64) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (answers, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let connection = |first: usize| {
        let goes_on = || !is_over.load(Relaxed);
        target.post(first, goes_on, |_| {
            answers.fetch_add(1, Relaxed);
            Ok(())
        })
    };
    thread::scope(|scope| {
        let connection = &connection;
        let connections = (0..target.connections).map(|n| scope.spawn(move || connection(n)));
        let connections: Vec<_> = connections.collect();
        let done = work(&answers);
        is_over.store(true, Relaxed);
        connections.into_iter().try_for_each(join)?;
        done
    })
}

impl Target<'_> {
    /// One connection, which begins with this body.
    fn post(
        &self,
        first: usize,
        goes_on: impl Fn() -> bool,
        mut answered: impl FnMut(Duration) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let agent = agent();
        let mut bodies = self.bodies.iter().cycle().skip(first);
        while let Some(body) = bodies.next()
            && goes_on()
        {
            let asked = Instant::now();
            let request = agent
                .post(&self.url)
                .header("x-api-key", "local-dev-key")
                .content_type("application/json");
            let mut response = request.send(body)?;
            let answer = response.body_mut().read_to_vec()?;
            answered(asked.elapsed())?;
            if response.status() != self.status {
                bail!(
                    "{} answered {}: {}",
                    self.url,
                    response.status(),
                    String::from_utf8_lossy(&answer)
                );
            }
        }
        Ok(())
    }
}

fn join<T>(thread: thread::ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
