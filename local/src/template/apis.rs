//! `AWS::Serverless::HttpApi`. Its routes are events of the functions, and all
//! APIs of a template share the one port.

use super::notes::Notes;
use super::place::Place;

/// How it is named, described, deployed and reached on AWS.
const HARMLESS: [&str; 6] = [
    "Description",
    "DisableExecuteApiEndpoint",
    "FailOnWarnings",
    "Name",
    "PropagateTags",
    "Tags",
];

/// Nothing of it is read; what would change an answer is noted.
pub(super) fn api(properties: &Place, notes: &mut Notes) {
    let stage = properties.string_if_any("StageName").ok().flatten();
    // Any other stage is the first step of every path on AWS, and not here.
    let plain = stage.is_none_or(|stage| stage == "$default");
    let read: &[&str] = if plain { &["StageName"] } else { &[] };
    notes.others(properties, read, &HARMLESS);
}
