//! Progress bars, on standard error.

use indicatif::{ProgressBar, ProgressStyle};

/// So many of them are worked through, with speed and time left.
pub(crate) fn of(what: &str, count: u64) -> ProgressBar {
    let style = format!("{{bar:40}} {{human_pos}} of {{human_len}} {what}  {{per_sec}}  {{eta}} left");
    styled(&style, count)
}

/// With a style of its own.
pub(crate) fn styled(style: &str, length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
