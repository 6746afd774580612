//! One synchronous invocation, from admission to answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::json;
use tokio::sync::oneshot::Receiver;
use tokio::time::timeout;
use uuid::Uuid;

use super::environment::{Environment, Reply, Start};
use super::failure::Failure;
use super::invocation::{Invocation, Request};
use super::pool::{Idle, Pool, Unavailable};
use super::{InvokeError, InvokeOutput};
use crate::live::Answered;

/// A fault kills at a random moment in this time, so that it hits a function
/// before, during and after its work.
const KILL_WITHIN_MS: u64 = 20;

/// Runs the request in the first environment that can take it.
pub(super) async fn run(pool: Arc<Pool>, request: Request) -> Result<InvokeOutput, InvokeError> {
    let stats = &pool.function.stats;
    let asked = Instant::now();
    let Some(_admission) = pool.admit(request.awaited) else {
        stats.throttles.add();
        return Err(InvokeError::Throttled);
    };
    loop {
        let idle = match pool.checkout().await {
            Ok(idle) => idle,
            Err(Unavailable::Throttled) => {
                stats.throttles.add();
                return Err(InvokeError::Throttled);
            }
            Err(Unavailable::Failed(failure)) => {
                stats.invocations.add();
                stats.errors.add();
                let outcome = failure.outcome(request.id);
                return Ok(InvokeOutput::new(outcome, request.id));
            }
        };
        if let Some(output) = run_in(&pool, idle, request.clone()).await {
            pool.function.live.answered(asked.elapsed(), how(&output));
            return Ok(output);
        }
    }
}

fn how(output: &InvokeOutput) -> Answered {
    match output {
        output if output.function_error.is_some() => Answered::Failed,
        output if output.init_duration.is_some() => Answered::Cold,
        _ => Answered::Warm,
    }
}

/// Runs the request in this environment; `None` when it was gone before it got the event.
async fn run_in(pool: &Pool, idle: Idle, request: Request) -> Option<InvokeOutput> {
    let Idle {
        environment, next, ..
    } = idle;
    let (id, limit) = (request.id, pool.function.template.timeout);
    let doomed = pool.host.faults.strikes(|faults| faults.killed_invocations);
    let started = Instant::now();
    let invocation = Invocation::new(request, limit, doomed);
    let reply = environment.take_on(invocation, next).ok()?;
    let reply = if doomed {
        kill(pool, &environment, id, reply).await
    } else {
        answer(pool, &environment, id, reply).await
    };
    let outcome = reply.unwrap_or_else(|failure| {
        let line = format!("{}\n", failure.words(id));
        pool.host.logs.lines(&pool.function, line.into());
        failure.outcome(id)
    });
    let mut output = InvokeOutput::new(outcome, id);
    output.duration = started.elapsed();
    count(pool, &environment, &mut output);
    if output.is_first {
        pool.host.logs.lines(&pool.function, report(&output).into());
    }
    Some(output)
}

/// The answer, or the time-out if that is earlier.
async fn answer(pool: &Pool, environment: &Environment, id: Uuid, mut reply: Receiver<Reply>) -> Reply {
    let limit = pool.function.template.timeout;
    let reply = match timeout(limit, &mut reply).await {
        Ok(reply) => reply,
        Err(_) => {
            let failure = Failure::TimedOut(limit);
            if environment.abandon(id, failure.clone()) {
                pool.function.stats.timeouts.add();
                return Err(failure);
            }
            reply.await
        }
    };
    // A closed channel cannot be: whoever takes the sender out of the state uses it.
    reply.unwrap_or_else(|_| Err(Failure::Exited("unknown".to_owned())))
}

/// Kills the environment at a random moment of its work. An answer that comes
/// earlier is dropped: that is what a kill between the work and its answer
/// looks like.
async fn kill(pool: &Pool, environment: &Environment, id: Uuid, reply: Receiver<Reply>) -> Reply {
    let moment = Duration::from_millis(rand::random_range(0..=KILL_WITHIN_MS));
    let _ = timeout(moment, reply).await;
    pool.function.stats.kills.add();
    environment.abandon(id, Failure::killed());
    environment.stop(None);
    Err(Failure::killed())
}

fn count(pool: &Pool, environment: &Environment, output: &mut InvokeOutput) {
    let stats = &pool.function.stats;
    stats.invocations.add();
    if output.function_error.is_some() {
        stats.errors.add();
    }
    output.is_first = environment.note_answer(output.duration);
    if environment.start == Start::OnDemand && output.is_first {
        stats.cold_starts.add();
        output.init_duration = environment.init_duration();
    }
    output.environment.clone_from(&environment.id);
}

/// What Lambda's platform logs at the end of an invocation; here of an environment's
/// first alone, the one of which it is asked whether it was cold.
fn report(output: &InvokeOutput) -> String {
    let mut metrics = json!({ "durationMs": milliseconds(output.duration) });
    if let Some(init) = output.init_duration {
        metrics["initDurationMs"] = milliseconds(init).into();
    }
    let report = json!({
        "time": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        "type": "platform.report",
        "record": {
            "requestId": output.request_id.to_string(),
            "status": if output.function_error.is_none() { "success" } else { "error" },
            "metrics": metrics,
        },
    });
    format!("{report}\n")
}

/// As Lambda rounds them.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
