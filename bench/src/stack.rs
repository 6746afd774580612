//! The local stack, with the functions to compare with.

use std::{
    env,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;
use ureq::Agent;

/// The functions to compare with, put under `Resources:` of the project's template.
const FUNCTIONS: &str = include_str!("functions.yaml");

/// A message that a forwarder gave back is hidden for 6 minutes, its visibility timeout.
const DRAINED: Duration = Duration::from_secs(400);

/// A running stack; stopped when dropped.
pub struct Stack {
    process: Child,
    pub url: String,
    pub agent: Agent,
    template: PathBuf,
    _dir: TempDir,
}

impl Stack {
    /// Starts `punctual` (beside this program) on a free port and waits until it is ready.
    pub fn start(options: &[&str]) -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let template = root.join(format!(".template-bench-{}.yaml", std::process::id()));
        let text = std::fs::read_to_string(root.join("template.yaml"))?;
        std::fs::write(
            &template,
            text.replacen("\nResources:\n", &format!("\nResources:\n{FUNCTIONS}"), 1),
        )?;
        let dir = tempfile::tempdir()?;
        let punctual = env::current_exe()?.with_file_name("punctual");
        let mut process = Command::new(punctual)
            .args(["--port", "0", "--template"])
            .arg(&template)
            .arg("--data-dir")
            .arg(dir.path())
            .args(options)
            .current_dir(&root)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start punctual; build it first: cargo build --release -p local")?;
        let mut line = String::new();
        let stdout = process.stdout.take().context("stdout is piped")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let Some(url) = line.trim().strip_prefix("ready ").map(str::to_owned) else {
            bail!("punctual did not start; try it by hand: cargo run --release");
        };
        let agent = agent();
        Ok(Self {
            process,
            url,
            agent,
            template,
            _dir: dir,
        })
    }

    /// `/_punctual/status`.
    pub fn status(&self) -> anyhow::Result<Value> {
        let text = self
            .agent
            .get(format!("{}/_punctual/status", self.url))
            .call()?
            .body_mut()
            .read_to_string()?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Kills a function's environments.
    pub fn kill(&self, function: &str) -> anyhow::Result<()> {
        self.agent
            .post(format!("{}/_punctual/kill/{function}", self.url))
            .send_empty()?;
        Ok(())
    }

    /// The status once the queues are empty; then the stack is stopped.
    pub fn stop(self) -> anyhow::Result<Value> {
        let began = Instant::now();
        loop {
            let status = self.status()?;
            let queue = &status["queues"]["punctual-traces"];
            if queue["visible"] == 0 && queue["in_flight"] == 0 {
                return Ok(status);
            }
            ensure!(
                began.elapsed() < DRAINED,
                "the queue did not empty within {DRAINED:?}, so nothing says what reached Firehose: {queue}; \
                 trace-forward: {}",
                status["functions"]["TraceForward"]
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.template);
    }
}

/// A client whose errors are answers.
pub fn agent() -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(60)))
        .max_idle_connections_per_host(64);
    config.build().into()
}
