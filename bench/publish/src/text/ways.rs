//! Other ways.

use super::thousands;
use crate::report::Section;
use crate::ways::{WAYS, Ways};

/// The section.
pub fn ways(all: &[Ways]) -> Section {
    let mut text = "From the instant to the last commit, median of the rounds; a commit for each row only once.\n\n| way |"
        .to_owned();
    for ways in all {
        text += &format!(" {} due, ms |", thousands(ways.due as u64));
    }
    text += &format!("\n|---|{}\n", "---|".repeat(all.len()));
    for (index, way) in WAYS.into_iter().enumerate() {
        text += &format!("| {} |", way.name());
        for ways in all {
            match &ways.times[index] {
                times if times.len() == 0 => text += " |",
                times => text += &format!(" {} |", thousands(times.p50().round() as u64)),
            }
        }
        text += "\n";
    }
    text += "\n![Milliseconds from the instant to the last commit, by way](publish-ways.svg)";
    Section {
        title: "5. Other ways",
        text,
        aims: Vec::new(),
    }
}
