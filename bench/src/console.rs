//! What an open console costs trace-ingest: its feed alone, and a browser that draws it.

use std::{
    io::{BufRead as _, BufReader},
    sync::{
        atomic::{AtomicU64, Ordering::Relaxed},
        mpsc::{self, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use crate::{
    browser::{Browser, Page},
    ingest::{self, CASES},
    load,
    ratio::Ratio,
    stack::Stack,
};

/// From when a page is opened, or closed, to when it counts.
const SETTLE: Duration = Duration::from_secs(2);

/// Who watches in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Watcher {
    /// Nobody.
    Nobody,
    /// Someone who reads the feed, as a browser on another machine.
    Feed,
    /// Chromium without a screen, on the same processors.
    Browser,
}

/// Rounds with each watcher.
#[derive(Debug)]
pub struct Watched {
    pub traces: u64,
    pub rounds: Vec<Rounds>,
    /// What the page's feed had to leave out.
    pub missed: u64,
}

/// In the order in which they ran.
#[derive(Debug)]
pub struct Rounds {
    pub watcher: Watcher,
    /// Requests.
    pub per_second: Vec<f64>,
    /// Processors that the browser took; NaN where there is none.
    pub browser_cores: Vec<f64>,
}

/// So many rounds of each, in turn, beside requests that go on through all of them; those
/// with a browser where there is one. It runs through all, with an empty page where it is
/// not the one that watches.
pub fn run(stack: &Stack, traces: u64, load: ingest::Load) -> anyhow::Result<Watched> {
    let bodies = ingest::bodies(traces);
    let [.., case] = CASES;
    let browser = Browser::start()?;
    let watchers = match browser {
        Some(_) => vec![Watcher::Nobody, Watcher::Feed, Watcher::Browser],
        None => vec![Watcher::Nobody, Watcher::Feed],
    };
    let rounds = |answers: &AtomicU64| {
        let round = |watcher: Watcher| -> anyhow::Result<[f64; 2]> {
            let _open = open(watcher, stack, browser.as_ref())?;
            thread::sleep(SETTLE);
            let used_us = || browser.as_ref().map_or(f64::NAN, Browser::used_us);
            let (before, used_before, began) = (answers.load(Relaxed), used_us(), Instant::now());
            thread::sleep(load.duration);
            let seconds = began.elapsed().as_secs_f64();
            let answered = (answers.load(Relaxed) - before) as f64;
            Ok([answered / seconds, (used_us() - used_before) / 1e6 / seconds])
        };
        let mut rounds: Vec<Rounds> = watchers.into_iter().map(Rounds::none).collect();
        // Environments start and connections open in a round that is not counted.
        for n in 0..=load.rounds {
            for rounds in &mut rounds {
                let [per_second, cores] = round(rounds.watcher)?;
                if n > 0 {
                    rounds.per_second.push(per_second);
                    rounds.browser_cores.push(cores);
                }
            }
            // So that whoever goes first in one round goes last in the next.
            rounds.reverse();
        }
        rounds.sort_by_key(|rounds| rounds.watcher);
        Ok(rounds)
    };
    Ok(Watched {
        traces,
        rounds: load::beside(&case.target(stack, load, &bodies), rounds)?,
        missed: missed(stack)?,
    })
}

impl Rounds {
    fn none(watcher: Watcher) -> Self {
        Self {
            watcher,
            per_second: Vec::new(),
            browser_cores: Vec::new(),
        }
    }
}

impl Watched {
    /// Requests a second with this watcher, round by round; none where there is no browser.
    pub fn per_second(&self, watcher: Watcher) -> &[f64] {
        let found = self.rounds.iter().find(|rounds| rounds.watcher == watcher);
        found.map_or(&[], |rounds| &rounds.per_second)
    }

    /// Throughput with this watcher over that with nobody.
    pub fn ratio(&self, watcher: Watcher) -> Ratio {
        let of = |watcher| self.per_second(watcher).iter().copied();
        Ratio::of(of(watcher).zip(of(Watcher::Nobody)))
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

/// Open until it is dropped.
#[expect(dead_code, reason = "held, not read")]
enum Open<'a> {
    Nothing,
    Feed(Sender<()>),
    Page(Page<'a>),
}

fn open<'a>(watcher: Watcher, stack: &Stack, browser: Option<&'a Browser>) -> anyhow::Result<Open<'a>> {
    Ok(match (watcher, browser) {
        (Watcher::Feed, _) => {
            let events = ureq::get(format!("{}/_console/events", stack.url)).call()?;
            let (open, is_closed) = mpsc::channel::<()>();
            thread::spawn(move || {
                let is_open = || is_closed.try_recv() == Err(mpsc::TryRecvError::Empty);
                let lines = BufReader::new(events.into_body().into_reader()).lines();
                lines.take_while(|line| line.is_ok() && is_open()).for_each(drop);
            });
            Open::Feed(open)
        }
        (Watcher::Browser, Some(browser)) => {
            let page = browser.open(&format!("{}/_console", stack.url))?;
            Open::Page(page)
        }
        _ => Open::Nothing,
    })
}
