//! What run sheets take from traces.

use std::fmt::Write;

use super::{Section, TITLES, verdict};
use crate::{
    isolation::{Isolation, Phase},
    ratio::Ratio,
};

/// What traces may lose to searches, where there are processors for both.
const MOST_RATIO: f64 = 1.2;

/// Traces with actions idle and saturated.
pub fn section(all: &Isolation) -> anyhow::Result<Section> {
    let Isolation {
        origin,
        rate,
        seconds,
        searches,
        cores,
        pairs,
    } = all;
    let rounds = pairs.len();
    let mut text = format!(
        "{rate} traces a second, one a request, each sent at its own instant and timed from there, whether \
         those before it are answered or not. In {rounds} rounds of {seconds} s actions is idle; in {rounds} more, \
         in turn, it is saturated: {searches} searches at once, all that the template reserves, for riders with \
         more orders than can be proven, each until its budget of 2 s or its work is spent, when the next one \
         begins. Further ones would get a 503.\n\n\
         | actions | traces | p50 ms | p90 ms | p99 ms | max ms | searches answered | cores that actions used | all processes |\n\
         |---|---|---|---|---|---|---|---|---|\n"
    );
    let quantiles = [0.5, 0.9, 0.99, 1.0].map(|quantile| all.ms(quantile));
    let mut rows = [Vec::new(), Vec::new()];
    for quantile in quantiles {
        let [idle, saturated] = quantile?;
        rows[0].push(format!("{idle:.2}"));
        rows[1].push(format!("{saturated:.2}"));
    }
    let idle: Vec<_> = pairs.iter().map(|pair| &pair.idle).collect();
    let saturated: Vec<_> = pairs.iter().map(|pair| &pair.saturated).collect();
    for (name, phases, row) in [("idle", idle, &rows[0]), ("saturated", saturated, &rows[1])] {
        let traces: u64 = phases.iter().map(|phase| phase.times.len()).sum();
        let answers: u64 = phases.iter().map(|phase| phase.answers).sum();
        let mean =
            |cores: fn(&Phase) -> f64| phases.iter().map(|phase| cores(phase)).sum::<f64>() / rounds as f64;
        let [used, busy] = [mean(|phase| phase.actions_cores), mean(|phase| phase.busy_cores)];
        writeln!(
            text,
            "| {name} | {traces} | {} | {answers} | {used:.2} | {busy:.2} |",
            row.join(" | ")
        )?;
    }
    writeln!(text)?;
    for (name, quantile) in [("p50", 0.5), ("p99", 0.99)] {
        let [idle, saturated] = all.ms(quantile)?;
        let Ratio { median, low, high } = all.ratio(quantile);
        writeln!(
            text,
            "- saturated over idle, {name}: **{:.2}**; pair by pair {median:.2} at the median ({low:.2} to {high:.2})",
            saturated / idle,
        )?;
    }
    let [idle, saturated] = all.ms(0.99)?;
    let verdict = verdict(saturated / idle <= MOST_RATIO);
    writeln!(text, "- p99 at most {MOST_RATIO} of idle: {verdict}\n")?;
    if *cores as u64 > *searches {
        writeln!(
            text,
            "Each of the {searches} searches has a core of the {cores}, and one is left."
        )?;
    } else {
        writeln!(
            text,
            "{searches} searches share {cores} cores with all else, the stack and the sender of the traces \
             among it, so the ratio measures how the system's scheduler shares them out, not what the functions \
             take from each other on Lambda, where each environment has its own share. The stack gives \
             functions with a whole vCPU (`MemorySize` from 1,769 MB), of which actions is the only one, the least \
             priority and all cores but one."
        )?;
    }
    writeln!(text, "\n{origin}")?;
    Ok(Section {
        title: TITLES[4],
        text,
    })
}
