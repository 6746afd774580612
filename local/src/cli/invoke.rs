//! `punctual invoke`: one call of one function.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;

use super::options::StackArgs;
use crate::console;
use crate::lambda::InvokeKind;
use crate::stack::Stack;

/// How long a stack may take to say that it is there.
const PROBE: Duration = Duration::from_secs(2);

/// Arguments of `invoke`.
#[derive(Args)]
pub(super) struct InvokeArgs {
    /// Function: logical id, physical name, or name of its folder
    function: String,
    /// File with the event, `-` for stdin
    event: PathBuf,
    /// Stack to use; when none answers there, one is started for this call
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// Print the answer and how the call went as one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    stack: StackArgs,
}

struct Called {
    payload: Bytes,
    function_error: Option<String>,
}

/// Prints the answer on stdout; exit code 1 on a function error.
pub(super) fn run(args: &InvokeArgs) -> anyhow::Result<ExitCode> {
    let event = read_event(args)?;
    let called = if is_running(&args.url) {
        call_running(args, &event)?
    } else {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(call_own(args, event))?
    };
    console::flush();
    print(args, &called)?;
    Ok(match called.function_error {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::FAILURE,
    })
}

fn read_event(args: &InvokeArgs) -> anyhow::Result<Bytes> {
    if args.event.as_os_str() == "-" {
        return Ok(std::io::read_to_string(std::io::stdin())?.into());
    }
    let event = std::fs::read(&args.event);
    let event = event.with_context(|| format!("cannot read the event {}", args.event.display()))?;
    Ok(event.into())
}

fn is_running(url: &str) -> bool {
    let status = ureq::get(format!("{url}/_punctual/status"));
    status.config().timeout_global(Some(PROBE)).build().call().is_ok()
}

fn call_running(args: &InvokeArgs, event: &[u8]) -> anyhow::Result<Called> {
    let url = format!("{}/2015-03-31/functions/{}/invocations", args.url, args.function);
    let request = ureq::post(url).config().http_status_as_error(false).build();
    let mut response = request.send(event)?;
    let failed = response.headers().get("x-amz-function-error");
    let function_error = failed.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let status = response.status();
    let payload = response
        .body_mut()
        .with_config()
        .limit(crate::lambda::MAX_PAYLOAD_BYTES as u64)
        .read_to_vec()?;
    if !status.is_success() {
        bail!("{status}: {}", String::from_utf8_lossy(&payload));
    }
    Ok(Called {
        payload: payload.into(),
        function_error,
    })
}

async fn call_own(args: &InvokeArgs, event: Bytes) -> anyhow::Result<Called> {
    let running = Stack::start(args.stack.options(0)?).await?;
    let lambda = running.lambda();
    let output = lambda
        .invoke(&args.function, event, InvokeKind::RequestResponse)
        .await;
    // What the function put on a queue belongs to the call.
    running.stop(args.stack.drain_limit()).await;
    let output = output?;
    Ok(Called {
        payload: output.payload,
        function_error: output.function_error.map(str::to_owned),
    })
}

fn print(args: &InvokeArgs, called: &Called) -> anyhow::Result<()> {
    #[derive(Serialize)]
    struct Document<'a> {
        function: &'a str,
        function_error: Option<&'a str>,
        payload: &'a RawValue,
    }
    let mut stdout = std::io::stdout();
    if args.json {
        let document = Document {
            function: &args.function,
            function_error: called.function_error.as_deref(),
            payload: serde_json::from_slice(&called.payload).context("the answer is not JSON")?,
        };
        serde_json::to_writer(&mut stdout, &document)?;
    } else {
        let answer: Option<serde_json::Value> = serde_json::from_slice(&called.payload).ok();
        match answer.filter(|_| stdout.is_terminal()) {
            Some(answer) => serde_json::to_writer_pretty(&mut stdout, &answer)?,
            None => stdout.write_all(&called.payload)?,
        }
    }
    writeln!(stdout)?;
    Ok(())
}
