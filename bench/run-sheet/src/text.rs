//! The report's sections.

mod instances;
mod legacy;
mod peers;
mod proofs;

pub use instances::instances;
pub use legacy::legacy;
pub use peers::peers;
pub use proofs::proofs;

use crate::verdict::Verdict;

/// A section, and what is asserted in it.
pub struct Section {
    /// After `## `.
    pub title: &'static str,
    /// Tables.
    pub text: String,
    /// Each with the place that it is about.
    pub verdicts: Vec<(String, Verdict)>,
}

/// A row of a table in Markdown.
fn cells(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The first two rows of a table.
fn header(names: &[&str]) -> String {
    format!("| {} |\n{}|\n", names.join(" | "), "|---".repeat(names.len()))
}
