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
    let ((), all) = at_once(target.connections, connection, || ());
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
    let (done, all) = at_once(target.connections, connection, || {
        let done = work(&answers);
        is_over.store(true, Relaxed);
        done
    });
    all?;
    done
}

/// So many connections on threads of their own, numbered, and `meanwhile` on this one.
fn at_once<T: Send, R>(
    connections: usize,
    connection: impl Fn(usize) -> anyhow::Result<T> + Sync,
    meanwhile: impl FnOnce() -> R,
) -> (R, anyhow::Result<Vec<T>>) {
    thread::scope(|scope| {
        let connection = &connection;
        let begin = |n| scope.spawn(move || connection(n));
        let handles: Vec<_> = (0..connections).map(begin).collect();
        let done = meanwhile();
        let join = |handle: thread::ScopedJoinHandle<'_, _>| {
            handle
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        (done, handles.into_iter().map(join).collect())
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
