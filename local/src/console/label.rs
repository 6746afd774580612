//! Whose line it is.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};

use super::push;

/// Routine lines of one function in one second that reach the terminal. Nobody
/// reads more, and each has to be parsed and printed.
const PER_SECOND: u32 = 100;

/// The name and colour of one function's lines.
#[derive(Debug)]
pub struct Label {
    name: &'static str,
    style: Style,
    shown: Mutex<Shown>,
}

#[derive(Debug, Default)]
struct Shown {
    since: Option<Instant>,
    lines: u32,
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Show,
    /// The first that is not shown.
    Close,
    Hide,
}

impl Label {
    /// The `index` picks the colour. The name is kept for the life of the
    /// process: there is one per function of the template.
    pub fn new(name: &str, index: usize) -> Self {
        const COLOURS: [AnsiColor; 6] = [
            AnsiColor::Cyan,
            AnsiColor::Magenta,
            AnsiColor::Green,
            AnsiColor::Yellow,
            AnsiColor::Blue,
            AnsiColor::BrightRed,
        ];
        Self {
            name: Box::leak(name.to_owned().into_boxed_str()),
            style: COLOURS[index % COLOURS.len()].on_default(),
            shown: Mutex::default(),
        }
    }

    /// Prints lines of this function, as many as a person can follow and every
    /// warning; returns how many there were.
    pub fn lines(&self, text: &str) -> u64 {
        let now = Instant::now();
        let mut count = 0;
        for line in text.lines() {
            count += 1;
            match self.verdict(line, now) {
                Verdict::Show => push(self.name, self.style, line.to_owned()),
                Verdict::Close => push(
                    self.name,
                    self.style,
                    format!("… more than {PER_SECOND} lines a second; the log file has them all"),
                ),
                Verdict::Hide => {}
            }
        }
        count
    }

    fn verdict(&self, line: &str, now: Instant) -> Verdict {
        if is_metrics(line) {
            return Verdict::Hide;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown
            .since
            .is_none_or(|since| now.duration_since(since) >= Duration::from_secs(1))
        {
            *shown = Shown {
                since: Some(now),
                lines: 0,
            };
        }
        if !is_routine(line) {
            return Verdict::Show;
        }
        shown.lines = shown.lines.saturating_add(1);
        match shown.lines {
            0..=PER_SECOND => Verdict::Show,
            lines if lines == PER_SECOND + 1 => Verdict::Close,
            _ => Verdict::Hide,
        }
    }
}

/// For CloudWatch, in its embedded metric format; the log file has them.
fn is_metrics(line: &str) -> bool {
    line.starts_with(r#"{"_aws":"#)
}

/// A structured line below WARN.
fn is_routine(line: &str) -> bool {
    let levels = [r#""level":"INFO""#, r#""level":"DEBUG""#, r#""level":"TRACE""#];
    line.starts_with('{') && levels.iter().any(|level| line.contains(level))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::console::rendered;

    #[test]
    fn functions_have_colours_of_their_own() {
        let line = |index| {
            let label = Label::new("Ingest", index);
            rendered(label.name, label.style, "ready")
        };
        assert_eq!(line(0), "\u{1b}[36mIngest        \u{1b}[0m ready");
        let first_six: BTreeSet<String> = (0..6).map(line).collect();
        assert_eq!(first_six.len(), 6);
        assert_eq!(line(6), line(0));
    }

    #[test]
    fn a_flood_is_cut_but_no_warning_in_it() {
        let (label, start) = (Label::new("Ingest", 0), Instant::now());
        let info = r#"{"timestamp":"2026-01-26T16:00:00Z","level":"INFO","message":"stored"}"#;
        let warning = r#"{"timestamp":"2026-01-26T16:00:00Z","level":"WARN","message":"refused"}"#;
        let at = |line, ms| label.verdict(line, start + Duration::from_millis(ms));
        assert!((0..100).all(|n| at(info, n) == Verdict::Show));
        assert_eq!([at(info, 200), at(info, 201)], [Verdict::Close, Verdict::Hide]);
        assert_eq!(
            [at(warning, 202), at("panicked at src/main.rs", 203)],
            [Verdict::Show, Verdict::Show]
        );
        assert_eq!([at(info, 999), at(info, 1000)], [Verdict::Hide, Verdict::Show]);
    }

    #[test]
    fn metrics_are_for_the_log_file() {
        let label = Label::new("Ingest", 0);
        let line = r#"{"_aws":{"CloudWatchMetrics":[]},"Failures":1}"#;
        assert_eq!(label.verdict(line, Instant::now()), Verdict::Hide);
    }
}
