//! `punctual invoke`: one call of one function.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use bytes::Bytes;
use clap::Args;
use serde::Serialize;
use serde_json::value::RawValue;

use super::options::StackArgs;
use crate::console::{self, note};
use crate::lambda::{InvokeError, InvokeKind};
use crate::running::{Called, RunningStack, unknown};
use crate::stack::{Leftover, Options, Stack, StackError};

/// Arguments of `invoke`.
#[derive(Args)]
pub(super) struct InvokeArgs {
    /// Its name: TraceIngest, trace-ingest, or its FunctionName
    function: String,
    /// File with the event as JSON; `-` is stdin
    event: PathBuf,
    /// Running stack to use; if none answers, one is started for this call
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: String,
    /// Print one JSON object that tells a failure from an answer
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    stack: StackArgs,
}

/// Prints the answer on stdout; exit code 1 on a function error. `given` are
/// the stack's options on the command line, which a stack that runs has not.
pub(super) fn run(args: &InvokeArgs, given: &[String]) -> anyhow::Result<ExitCode> {
    let event = read_event(args)?;
    let called = if let Some(stack) = RunningStack::find(&args.url) {
        if !given.is_empty() {
            let (url, given) = (stack.url(), given.join(", "));
            note(format!(
                "the stack at {url} runs already: {given} has no effect on it"
            ));
        }
        stack.invoke(&args.function, &event)?
    } else {
        note(format!("no stack at {}: starting one for this call", args.url));
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

/// The function alone: what waits in the queues, and what this call puts there,
/// stays for the next `punctual`, and no schedule begins.
async fn call_own(args: &InvokeArgs, event: Bytes) -> anyhow::Result<Called> {
    let options = Options {
        triggers: false,
        ..args.stack.options(0)?
    };
    let running = Stack::start(options).await.map_err(|error| match error {
        StackError::Locked(dir) => anyhow!(
            "a stack uses {} and does not answer at {}: wait until it is ready, or give its address with --url",
            dir.display(),
            args.url
        ),
        error => error.into(),
    })?;
    let lambda = running.lambda();
    let output = lambda
        .invoke(&args.function, event, InvokeKind::RequestResponse)
        .await;
    let functions: Vec<String> = lambda.status().into_iter().map(|one| one.name).collect();
    for Leftover { queue, messages } in running.stop(args.stack.drain_limit()).await {
        note(format!(
            "in {queue}: {messages} messages, for the next `punctual`"
        ));
    }
    match output {
        Ok(output) => Ok(Called {
            payload: output.payload,
            function_error: output.function_error.map(str::to_owned),
        }),
        Err(InvokeError::NotFound(name)) => Err(unknown(&name, &functions)),
        Err(error) => Err(error.into()),
    }
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
