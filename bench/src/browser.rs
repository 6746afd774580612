//! A Chromium without a screen, which opens and closes pages when it is told to.

use std::{
    fs, io,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;
use ureq::Agent;

use crate::{cpu, stack};

/// What it may be called.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Holds the port that it has chosen, once it listens.
const PORT: &str = "DevToolsActivePort";
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs until it is dropped.
pub struct Browser {
    process: Child,
    url: String,
    agent: Agent,
    profile: TempDir,
}

/// Open until it is dropped.
pub struct Page<'a> {
    browser: &'a Browser,
    id: String,
}

impl Browser {
    /// Starts one with an empty page, if this machine has any.
    pub fn start() -> anyhow::Result<Option<Self>> {
        let profile = tempfile::tempdir()?;
        let spawn = |name: &&str| {
            let spawned = Command::new(name)
                .args([
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--window-size=1280,900",
                    "--remote-debugging-port=0",
                ])
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .arg("about:blank")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
            let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
            (!spawned.as_ref().is_err_and(is_missing)).then_some(spawned)
        };
        let Some(process) = NAMES.iter().find_map(spawn) else {
            return Ok(None);
        };
        let mut browser = Self {
            process: process?,
            url: String::new(),
            agent: stack::agent(),
            profile,
        };
        browser.url = format!("http://127.0.0.1:{}/json", browser.port()?);
        Ok(Some(browser))
    }

    /// That it listens at, once it does.
    fn port(&self) -> anyhow::Result<String> {
        let began = Instant::now();
        loop {
            let told = fs::read_to_string(self.profile.path().join(PORT)).unwrap_or_default();
            if let Some((port, _)) = told.split_once('\n') {
                return Ok(port.to_owned());
            }
            ensure!(
                began.elapsed() < PATIENCE,
                "the browser did not start within {PATIENCE:?}"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Opens a page of its own.
    pub fn open(&self, url: &str) -> anyhow::Result<Page<'_>> {
        let mut answer = self.agent.put(format!("{}/new?{url}", self.url)).send_empty()?;
        let text = answer.body_mut().read_to_string()?;
        let page: serde_json::Value =
            serde_json::from_str(&text).with_context(|| format!("the browser answered {text}"))?;
        let id = page["id"].as_str().context("a page has no id")?.to_owned();
        Ok(Page { browser: self, id })
    }

    /// Microseconds of processor time that its living processes have used; 0 where there
    /// is no `/proc`.
    pub fn used_us(&self) -> f64 {
        cpu::tree_us(self.process.id())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        let Browser { agent, url, .. } = self.browser;
        let _ = agent.get(format!("{url}/close/{}", self.id)).call();
    }
}
