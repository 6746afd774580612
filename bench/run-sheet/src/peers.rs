//! Other solvers on the same instances, by the script that drives them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::curve::Curve;
use crate::instance::{Instance, tasks};
use crate::progress;
use crate::row::Row;
use crate::sequence::{cost, fault};

/// In the order of the report.
pub const PEERS: [&str; 3] = ["OR-Tools", "PyVRP", "VROOM"];

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers.py");

/// A peer on an instance: a line of the script's output.
#[derive(Debug, Clone, Deserialize)]
pub struct Run {
    /// One of [`PEERS`].
    pub peer: String,
    /// Of the peer.
    pub version: String,
    set: String,
    name: String,
    /// Nodes of the best route; none when there is no route.
    route: Option<Vec<usize>>,
    /// Its objective.
    pub value: Option<i64>,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// How the value fell, as far as the peer tells.
    pub curve: Curve,
    /// Why there is no route.
    pub reason: Option<String>,
}

/// Which instances the peers try: so many of each set and number of orders.
pub fn chosen<'a>(
    rows: &'a mut [Row],
    orders: &'a [usize],
    each: usize,
) -> impl Iterator<Item = &'a mut Row> {
    let (mut group, mut taken) = (None, 0);
    rows.iter_mut().filter(move |row| {
        let here = Some((row.instance.set.clone(), row.instance.n));
        if group != here {
            (group, taken) = (here, 0);
        }
        taken += 1;
        taken <= each && orders.contains(&row.instance.n)
    })
}

/// Lets each peer try each of the rows' instances for the budget on one thread.
///
/// # Errors
/// If the script fails, or a route cannot be driven or costs something else.
pub fn run<'a>(
    python: &Path,
    data: &Path,
    budget: Duration,
    rows: impl Iterator<Item = &'a mut Row>,
) -> anyhow::Result<()> {
    let mut rows: Vec<&mut Row> = rows.collect();
    let names = rows
        .iter()
        .map(|row| format!("{}/{}", row.instance.set, row.instance.name));
    let mut script = Command::new(python)
        .arg(SCRIPT)
        .args([Path::new("--data"), data])
        .args(["--seconds", &budget.as_secs_f64().to_string()])
        .args(names)
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", python.display()))?;
    let output = script.stdout.take().context("no output")?;
    let bar = progress::bar(rows.len() * PEERS.len());
    for line in BufReader::new(output).lines() {
        let run: Run = serde_json::from_str(&line?)?;
        bar.set_message(format!("{} {}", run.peer, run.name));
        let same = |row: &&mut &mut Row| (&row.instance.set, &row.instance.name) == (&run.set, &run.name);
        let row = rows
            .iter_mut()
            .find(same)
            .context("an instance that was not asked for")?;
        check(&row.instance, &run).with_context(|| format!("{} on {}", run.peer, run.name))?;
        row.peers.push(run);
        bar.inc(1);
    }
    bar.finish_and_clear();
    ensure!(script.wait()?.success(), "{SCRIPT} failed");
    Ok(())
}

fn check(instance: &Instance, run: &Run) -> anyhow::Result<()> {
    let Some(route) = &run.route else { return Ok(()) };
    let tasks = tasks(route, instance.n)?;
    let fault = fault(&instance.problem, &tasks);
    ensure!(
        fault.is_none(),
        "its route cannot be driven: {}",
        fault.unwrap_or_default()
    );
    let value = Some(cost(&instance.problem, &tasks));
    ensure!(
        run.value == value,
        "its route costs {value:?}, not {:?}",
        run.value
    );
    Ok(())
}
