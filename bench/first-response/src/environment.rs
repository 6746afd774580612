//! One execution environment, from its start to its last answer.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use bytes::Bytes;
use serde::Serialize;
use tokio::{process::Command, time::sleep};

use crate::{
    cpu::Share, function::Function, runtime_api::RuntimeApi, services::Services, strategy::Strategy,
};

/// Between an answer and the next request, so that each has a period's CPU of its own.
pub const PAUSE: Duration = Duration::from_millis(25);
/// How long a provisioned environment waits for its first event at least: nobody
/// waits for it, so the CPU that its init phase took is not that of a request.
const UNTIL_NEEDED: Duration = Duration::from_millis(50);

/// What was measured in one environment.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// From the start of its process to its first question for an event.
    pub init: Duration,
    /// Of each request, in order, one after the other.
    pub answers: Vec<Duration>,
}

/// Starts an environment and sends it as many requests, the first as soon as it asks.
pub async fn measure(
    function: &Function,
    strategy: Strategy,
    services: &Services,
    share: Option<&Share>,
    requests: usize,
) -> anyhow::Result<Measured> {
    let api = RuntimeApi::start().await?;
    let event: Bytes = function.event()?;
    let began = Instant::now();
    let mut child = Command::new(strategy.executable(function)?)
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", &api.address)
        .envs(common(services))
        .envs(strategy.variables(services))
        .envs(function.variables(services))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}; build it first", function.name))?;
    let pid = child.id().context("it has just been started")?;
    let hold = || share.map_or(Ok(()), |share| share.hold(pid));
    // On demand the init phase has a whole processor, ahead of need it has not.
    if strategy.is_provisioned() {
        hold()?;
    }
    api.asked().await?;
    let init = began.elapsed();
    match strategy.is_provisioned() {
        true => sleep(UNTIL_NEEDED).await,
        false => hold()?,
    }
    let mut answers = Vec::with_capacity(requests);
    for request in 0..requests {
        if request > 0 {
            api.asked().await?;
            sleep(PAUSE).await;
        }
        answers.push(api.invoke(&event).await?);
    }
    child.kill().await?;
    Ok(Measured { init, answers })
}

/// What Lambda sets, and where AWS is.
fn common(services: &Services) -> Vec<(&'static str, String)> {
    [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_LAMBDA_FUNCTION_NAME", "measured"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/measured"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "1"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_LEVEL", "WARN"),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .chain([
        ("AWS_ENDPOINT_URL", services.aws.clone()),
        ("AWS_CA_BUNDLE", services.ca_bundle.display().to_string()),
    ])
    .collect()
}
