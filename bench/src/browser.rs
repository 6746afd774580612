//! A Chromium without a screen, which opens and closes pages when it is told to.

use std::{
    env, fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use ureq::Agent;

use crate::{cpu, stack};

/// Where it may be.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Holds the port that it has chosen, once it listens.
const PORT: &str = "DevToolsActivePort";
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs until it is dropped.
pub struct Browser {
    process: Child,
    url: String,
    agent: Agent,
    _profile: TempDir,
}

/// Open until it is dropped.
pub struct Page<'a> {
    browser: &'a Browser,
    id: String,
}

impl Browser {
    /// Starts one with an empty page, if this machine has any.
    pub fn start() -> anyhow::Result<Option<Self>> {
        let Some(path) = find() else { return Ok(None) };
        let profile = tempfile::tempdir()?;
        let process = Command::new(path)
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
            .spawn()?;
        let began = Instant::now();
        let port = loop {
            let told = fs::read_to_string(profile.path().join(PORT)).unwrap_or_default();
            if let Some((port, _)) = told.split_once('\n') {
                break port.to_owned();
            }
            if began.elapsed() > PATIENCE {
                bail!("the browser did not start within {PATIENCE:?}");
            }
            thread::sleep(Duration::from_millis(50));
        };
        Ok(Some(Self {
            process,
            url: format!("http://127.0.0.1:{port}/json"),
            agent: stack::agent(),
            _profile: profile,
        }))
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

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let places = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}
