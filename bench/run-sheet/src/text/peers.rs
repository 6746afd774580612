//! Against other solvers at equal time.

use std::collections::BTreeSet;

use super::{Section, cells, header};
use crate::group::{Group, groups};
use crate::number::number;
use crate::peers::{PEERS, Run};
use crate::row::Row;
use crate::stats::Sample;

const HOW: &str = "\n\nOR-Tools searches by guided local search from a parallel cheapest insertion, with soft upper \
    bounds for due times; PyVRP has the orders as shipments; VROOM likewise, at its most thorough level of \
    exploration. None of the three proves anything.";

/// A row for each set and number of orders that the peers tried; nothing if they
/// were left out.
pub fn peers(rows: &[Row]) -> Option<Section> {
    let runs = || rows.iter().flat_map(|row| &row.peers);
    runs().next()?;
    let versions = PEERS.map(|peer| {
        let run = runs().find(|run| run.peer == peer);
        format!("{peer} {}", run.map_or("", |run| run.version.as_str()))
    });
    let names: Vec<&str> = versions.iter().map(String::as_str).collect();
    let mut text = header(
        &[
            &["set", "orders", "instances", "legacy"][..],
            &names,
            &["ours", "ours proven"],
        ]
        .concat(),
    );
    for group in groups(rows) {
        let tried: Vec<&Row> = group.rows.iter().filter(|row| !row.peers.is_empty()).collect();
        if !tried.is_empty() {
            text += &line(&group, &tried);
        }
    }
    text += "\nMean gap to the best known in percent. ";
    for peer in PEERS {
        let took = Sample::of(
            runs()
                .filter(|run| run.peer == peer && run.value.is_some())
                .map(|run| run.ms),
        );
        let (median, max) = (number(took.median()), number(took.max()));
        text += &format!("{peer} took {median} ms at the median and {max} ms at most. ");
    }
    let tried = rows.iter().filter(|row| !row.peers.is_empty());
    let took = Sample::of(tried.map(|row| row.ours.elapsed_ms));
    text += &format!("Ours took {} and {}. ", number(took.median()), number(took.max()));
    let reason = |run: &Run| Some(format!("{}: {}", run.peer, run.reason.as_ref()?));
    let reasons: BTreeSet<String> = runs().filter_map(reason).collect();
    if !reasons.is_empty() {
        let reasons: Vec<String> = reasons.into_iter().collect();
        text += &format!("Where there is no figure, {}.", reasons.join("; "));
    }
    text += HOW;
    Some(Section {
        title: "Against other solvers",
        text,
        verdicts: vec![],
    })
}

fn line(group: &Group, tried: &[&Row]) -> String {
    let mean = |gaps: Vec<f64>| match gaps.len() {
        0 => "–".to_owned(),
        some if some < tried.len() => format!("{} (of {some})", number(Sample::of(gaps).mean())),
        _ => number(Sample::of(gaps).mean()),
    };
    let of_peer = |peer: &str| {
        let gap = |row: &&Row| {
            let run = row.peers.iter().find(|run| run.peer == peer)?;
            Some(row.gap_of(run.value?))
        };
        mean(tried.iter().filter_map(gap).collect())
    };
    let legacy = tried
        .iter()
        .filter_map(|row| Some(row.gap_of(row.legacy.as_ref()?.value)));
    let proven = tried.iter().filter(|row| row.ours.proven).count();
    let [first, second, third] = PEERS.map(of_peer);
    cells(&[
        group.set.to_owned(),
        group.n.to_string(),
        tried.len().to_string(),
        mean(legacy.collect()),
        first,
        second,
        third,
        format!(
            "**{}**",
            mean(tried.iter().map(|row| row.gap_of(row.ours.value)).collect())
        ),
        format!("{proven} of {}", tried.len()),
    ])
}
