//! What an open console costs trace-ingest: its feed alone, and a browser that draws it.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Sender},
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    ingest::{self, CASES},
    load,
    stack::Stack,
};

/// Where Chromium may be.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// Until a browser has started and the page is drawn: that is not what is measured.
const DRAWN: Duration = Duration::from_secs(6);

/// Who watches in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watcher {
    /// Nobody.
    Nobody,
    /// Someone who reads the feed, as a browser on another machine.
    Feed,
    /// Chromium without a screen, on the same processors.
    Browser,
}

/// Requests a second with each watcher, round by round.
#[derive(Debug)]
pub struct Watched {
    pub traces: u64,
    pub rounds: Vec<(Watcher, Vec<f64>)>,
    /// What the page's feed had to leave out.
    pub missed: u64,
}

/// So many rounds of each, in turn; those with a browser where there is one.
pub fn run(stack: &Stack, traces: u64, load: ingest::Load) -> anyhow::Result<Watched> {
    let bodies = ingest::bodies(traces);
    let [.., case] = CASES;
    let round = |watcher: Watcher| -> anyhow::Result<f64> {
        let _page = open(watcher, stack)?;
        let url = format!("{}{}", stack.url, case.path());
        let round = load::run(
            &url,
            case.status(),
            load.connections,
            load.duration,
            &bodies,
            || Ok(0.0),
        )?;
        Ok(round.per_second)
    };
    let watchers = match browser() {
        Some(_) => vec![Watcher::Nobody, Watcher::Feed, Watcher::Browser],
        None => vec![Watcher::Nobody, Watcher::Feed],
    };
    let mut rounds: Vec<(Watcher, Vec<f64>)> = watchers
        .into_iter()
        .map(|watcher| (watcher, Vec::new()))
        .collect();
    // Environments start and connections open in a round that is not counted.
    for n in 0..=load.rounds {
        for (watcher, rounds) in &mut rounds {
            let per_second = round(*watcher)?;
            if n > 0 {
                rounds.push(per_second);
            }
        }
    }
    Ok(Watched {
        traces,
        rounds,
        missed: missed(stack)?,
    })
}

impl Watched {
    /// Throughput with this watcher over that with nobody, round by round, in order.
    pub fn ratios(&self, watcher: Watcher) -> Vec<f64> {
        let of = |wanted| {
            self.rounds
                .iter()
                .find(|(one, _)| *one == wanted)
                .map(|(_, rounds)| rounds.as_slice())
        };
        let both = of(watcher)
            .unwrap_or_default()
            .iter()
            .zip(of(Watcher::Nobody).unwrap_or_default());
        let mut ratios: Vec<f64> = both.map(|(with, without)| with / without).collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }
}

/// What a page's first message says.
fn missed(stack: &Stack) -> anyhow::Result<u64> {
    let events = ureq::get(format!("{}/_console/events", stack.url)).call()?;
    let mut line = String::new();
    BufReader::new(events.into_body().into_reader()).read_line(&mut line)?;
    let message: serde_json::Value = serde_json::from_str(line.trim_start_matches("data: "))?;
    Ok(message["missed"].as_u64().unwrap_or_default())
}

/// A page that is open until it is dropped.
#[expect(dead_code, reason = "held, not read")]
enum Page {
    None,
    Feed(Feed),
    Browser(Browser),
}

struct Feed {
    _open: Sender<()>,
}

struct Browser {
    process: Child,
    _profile: TempDir,
}

fn open(watcher: Watcher, stack: &Stack) -> anyhow::Result<Page> {
    Ok(match watcher {
        Watcher::Nobody => Page::None,
        Watcher::Feed => {
            let events = ureq::get(format!("{}/_console/events", stack.url)).call()?;
            let (open, is_closed) = mpsc::channel::<()>();
            thread::spawn(move || {
                let is_open = || is_closed.try_recv() == Err(mpsc::TryRecvError::Empty);
                let lines = BufReader::new(events.into_body().into_reader()).lines();
                lines.take_while(|line| line.is_ok() && is_open()).for_each(drop);
            });
            Page::Feed(Feed { _open: open })
        }
        Watcher::Browser => {
            let profile = tempfile::tempdir()?;
            let process = Command::new(browser().unwrap_or_default())
                .args([
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--window-size=1280,900",
                    "--remote-debugging-port=0",
                ])
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .arg(format!("{}/_console", stack.url))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            thread::sleep(DRAWN);
            Page::Browser(Browser {
                process,
                _profile: profile,
            })
        }
    })
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let places = BROWSERS
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}
