//! The options of a stack, shared by `up` and `invoke`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command};
use serde_json::{Map, Value};

use crate::faults::FaultSettings;
use crate::stack::Options;

/// Options of a stack.
#[derive(Args, Clone)]
pub(super) struct StackArgs {
    /// SAM template to run
    #[arg(long, value_name = "FILE", default_value = "template.yaml")]
    template: PathBuf,
    /// Where queues, topics, delivery streams and logs are kept
    #[arg(long, value_name = "DIR", default_value = ".punctual")]
    data_dir: PathBuf,
    /// AWS region that the functions see
    #[arg(long, default_value = "us-east-1")]
    region: String,
    /// Key that clients send; the parameter ApiKeyHashes gets its hash
    #[arg(
        long,
        value_name = "KEY",
        default_value = "local-dev-key",
        env = "PUNCTUAL_API_KEY",
        hide_env_values = true
    )]
    api_key: String,
    /// Store of the newest positions, e.g. redis://127.0.0.1:6379; the parameter ValkeyUrl
    #[arg(long, value_name = "URL")]
    valkey_url: Option<String>,
    /// Lessons, e.g. mysql://user:password@host:3306/name; the
    /// parameter DatabaseUrl [default: a file in the data directory]
    #[arg(
        long,
        verbatim_doc_comment,
        value_name = "URL",
        env = "PUNCTUAL_DATABASE_URL",
        hide_env_values = true
    )]
    database_url: Option<String>,
    /// Value of any parameter of the template; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    parameter_override: Vec<(String, String)>,
    /// Something that goes wrong on purpose; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    fault: Vec<(String, String)>,
    /// Processes that a function may have at once, if it has no ReservedConcurrentExecutions
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    max_environments: u16,
    /// Run the functions as they were built last
    #[arg(long)]
    no_build: bool,
    /// How long a stop may wait for the queues to run empty
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    drain_seconds: u64,
}

impl StackArgs {
    /// The stack's options, on this port.
    pub fn options(&self, port: u16) -> anyhow::Result<Options> {
        Ok(Options {
            port,
            data_dir: self.data_dir.clone(),
            template: self.template.clone(),
            region: self.region.clone(),
            api_key: self.api_key.clone(),
            valkey_url: self.valkey_url.clone(),
            database_url: self.database_url.clone(),
            parameters: self
                .parameter_override
                .iter()
                .cloned()
                .collect::<BTreeMap<_, _>>(),
            faults: faults(&self.fault)?,
            max_environments: self.max_environments.into(),
            build: !self.no_build,
            ..Options::default()
        })
    }

    /// Those of these options that are on the command line, as `--name`.
    pub fn given(matches: &ArgMatches) -> Vec<String> {
        let all = Self::augment_args(Command::new(""));
        let given = all.get_arguments().filter(|argument| {
            matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine)
        });
        given
            .filter_map(|argument| Some(format!("--{}", argument.get_long()?)))
            .collect()
    }

    pub fn drain_limit(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "expected NAME=VALUE".to_owned())
}

/// Faults by their names, with `-` or `_`; serde knows the names and lists
/// them when one is wrong.
fn faults(pairs: &[(String, String)]) -> anyhow::Result<FaultSettings> {
    let mut settings = Map::new();
    for (name, value) in pairs {
        let Ok(value @ Value::Number(_)) = serde_json::from_str(value) else {
            bail!("--fault {name}: `{value}` is not a number");
        };
        settings.insert(name.replace('-', "_"), value);
    }
    serde_json::from_value(Value::Object(settings)).context("--fault")
}
