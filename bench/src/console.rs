//! What an open console costs trace-ingest: its feed alone, and a browser that draws it.

use std::{
    io::{BufRead as _, BufReader},
    sync::mpsc::{self, Sender},
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

/// Until a page is loaded and drawn, which is not what is measured. As long a rest is
/// before each round, whoever watches in it.
const DRAWN: Duration = Duration::from_secs(3);

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

/// Requests a second with each watcher, round by round.
#[derive(Debug)]
pub struct Watched {
    pub traces: u64,
    pub rounds: Vec<(Watcher, Vec<f64>)>,
    /// Processors that the browser took with the page open; NaN where there is none.
    pub browser_cores: f64,
    /// What the page's feed had to leave out.
    pub missed: u64,
}

/// So many rounds of each, in turn; those with a browser where there is one. It runs
/// through all of them, with an empty page in those of the others.
pub fn run(stack: &Stack, traces: u64, load: ingest::Load) -> anyhow::Result<Watched> {
    let bodies = ingest::bodies(traces);
    let [.., case] = CASES;
    let url = format!("{}{}", stack.url, case.path());
    let browser = Browser::start()?;
    let round = |watcher: Watcher| -> anyhow::Result<(f64, f64)> {
        let _open = open(watcher, stack, browser.as_ref())?;
        thread::sleep(DRAWN);
        let used_us = || browser.as_ref().map_or(0.0, Browser::used_us);
        let (before, began) = (used_us(), Instant::now());
        let (to, duration) = (load.connections, load.duration);
        let round = load::run(&url, case.status(), to, duration, &bodies, || Ok(0.0))?;
        let cores = (used_us() - before) / began.elapsed().as_micros() as f64;
        Ok((round.per_second, cores))
    };
    let watchers = match browser {
        Some(_) => vec![Watcher::Nobody, Watcher::Feed, Watcher::Browser],
        None => vec![Watcher::Nobody, Watcher::Feed],
    };
    let mut rounds: Vec<(Watcher, Vec<f64>)> = watchers
        .into_iter()
        .map(|watcher| (watcher, Vec::new()))
        .collect();
    let mut cores = Vec::new();
    // Environments start and connections open in a round that is not counted.
    for n in 0..=load.rounds {
        for (watcher, rounds) in &mut rounds {
            let (per_second, used) = round(*watcher)?;
            if n == 0 {
                continue;
            }
            rounds.push(per_second);
            if *watcher == Watcher::Browser {
                cores.push(used);
            }
        }
        // So that whoever goes first in one round goes last in the next.
        rounds.reverse();
    }
    rounds.sort_by_key(|(watcher, _)| *watcher);
    Ok(Watched {
        traces,
        rounds,
        browser_cores: cores.iter().sum::<f64>() / cores.len() as f64,
        missed: missed(stack)?,
    })
}

impl Watched {
    /// Throughput with this watcher over that with nobody.
    pub fn ratio(&self, watcher: Watcher) -> Ratio {
        let of = |wanted| {
            let found = self.rounds.iter().find(|(one, _)| *one == wanted);
            found.map_or(&[][..], |(_, rounds)| rounds).iter().copied()
        };
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
