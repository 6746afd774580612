//! All figures together.

use jiff::Timestamp;

use super::function::Function;
use super::happening::Happening;
use super::journal::Journal;
use super::line::{self, Figures};
use super::positions::Positions;
use super::rates::{Rates, Seconds};
use super::sheets::Sheets;

#[derive(Debug)]
pub(super) struct State {
    pub began: i64,
    pub functions: Vec<Function>,
    pub journal: Journal,
    pub positions: Positions,
    pub sheets: Sheets,
    /// Lines that Firehose stored.
    delivered: f64,
    seconds: Seconds,
}

impl Default for State {
    fn default() -> Self {
        Self {
            began: now(),
            functions: Vec::new(),
            journal: Journal::default(),
            positions: Positions::default(),
            sheets: Sheets::default(),
            delivered: 0.0,
            seconds: Seconds::default(),
        }
    }
}

/// Epoch ms.
pub(super) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

impl State {
    pub fn add(&mut self, name: &str) -> usize {
        self.functions.push(Function::named(name));
        self.functions.len() - 1
    }

    pub fn take(&mut self, happening: Happening) {
        match happening {
            Happening::Printed(index, lines) => self.printed(index, &lines),
            Happening::Answered(index, took, answered) => {
                self.functions[index].answered(now(), took, answered);
            }
            Happening::Said(payload) => self.sheets.read(now(), &payload),
            Happening::Delivered(lines, count) => {
                self.delivered += count as f64;
                self.positions.read(&lines);
            }
        }
    }

    fn printed(&mut self, index: usize, lines: &[u8]) {
        let at = now();
        let function = &mut self.functions[index];
        for line in String::from_utf8_lossy(lines).lines() {
            if !line::is_metrics(line) {
                self.journal.add(at, &function.name, line);
            } else if let Some(figures) = Figures::read(line) {
                function.add(&figures);
            }
        }
    }

    /// What is new is new no more, and as much may come again.
    pub fn pass(&mut self) {
        self.functions
            .iter_mut()
            .for_each(|function| function.answers.pass());
        self.journal.0.pass();
        self.positions.pass();
        self.sheets.0.pass();
    }

    pub fn second(&mut self) {
        self.seconds.note(&self.functions, self.delivered);
    }

    pub fn rates(&self) -> Rates {
        self.seconds.rates(&self.functions, self.delivered)
    }
}
