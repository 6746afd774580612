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

impl Run {
    /// Whether it is about this instance.
    pub fn is_of(&self, instance: &Instance) -> bool {
        (&self.set, &self.name) == (&instance.set, &instance.name)
    }
}

/// Which of the sorted instances the peers try: the first of each set and number of
/// orders.
pub fn chosen<'a>(instances: &'a [Instance], orders: &[usize], each: usize) -> Vec<&'a Instance> {
    let groups = instances.chunk_by(|a, b| (&a.set, a.n) == (&b.set, b.n));
    let asked = groups.filter(|group| orders.contains(&group[0].n));
    asked.flat_map(|group| group.iter().take(each)).collect()
}

/// Lets each peer try each instance for the budget on one thread.
///
/// # Errors
/// If the script fails, or a route cannot be driven or costs something else.
pub fn run(
    python: &Path,
    data: &Path,
    budget: Duration,
    instances: &[&Instance],
) -> anyhow::Result<Vec<Run>> {
    if instances.is_empty() {
        return Ok(vec![]);
    }
    let mut script = Command::new(python)
        .arg(SCRIPT)
        .args([Path::new("--data"), data])
        .args(["--seconds", &budget.as_secs_f64().to_string()])
        .args(instances.iter().map(|one| format!("{}/{}", one.set, one.name)))
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", python.display()))?;
    let output = script.stdout.take().context("no output")?;
    let bar = progress::bar(instances.len() * PEERS.len());
    let mut runs = Vec::new();
    for line in BufReader::new(output).lines() {
        let run: Run = serde_json::from_str(&line?)?;
        bar.set_message(format!("{} {}", run.peer, run.name));
        let instance = instances.iter().find(|instance| run.is_of(instance));
        let instance = instance.context("an instance that was not asked for")?;
        check(instance, &run).with_context(|| format!("{} on {}", run.peer, run.name))?;
        runs.push(run);
        bar.inc(1);
    }
    bar.finish_and_clear();
    ensure!(script.wait()?.success(), "{SCRIPT} failed");
    Ok(runs)
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

#[cfg(test)]
mod tests {
    use super::{Run, check, chosen};
    use crate::instance::Instance;

    const JSON: &str =
        r#"{"name": "one", "n": 1, "open": true, "matrix": [[0, 5, 6], [0, 0, 7], [0, 8, 0]]}"#;
    const RUN: &str = r#"{"peer": "VROOM", "version": "1", "set": "s", "name": "one", "route": [1, 2], "value": 12,
        "ms": 1.5, "curve": [[1.5, 12]], "reason": null}"#;

    #[test]
    fn a_route_that_costs_something_else_or_cannot_be_driven_is_refused() {
        let instance = Instance::parse("s", JSON).unwrap();
        let checked = |from: &str, to: &str| {
            let run: Run = serde_json::from_str(&RUN.replace(from, to)).unwrap();
            run.is_of(&instance) && check(&instance, &run).is_ok()
        };
        assert!(checked("", "") && checked("[1, 2]", "null"));
        assert!(!checked("[1, 2]", "[2, 1]") && !checked("[1, 2]", "[1]") && !checked("[1, 2]", "[1, 3]"));
        assert!(!checked(r#""value": 12"#, r#""value": 11"#));
    }

    #[test]
    fn the_first_of_each_set_and_size_that_is_asked_for_are_chosen() {
        let all = [("a", 1), ("a", 1), ("a", 1), ("a", 2), ("b", 1)].map(|(set, n)| {
            let mut instance = Instance::parse(set, JSON).unwrap();
            instance.n = n;
            instance
        });
        let chosen = chosen(&all, &[1], 2);
        let sets: Vec<&str> = chosen.iter().map(|one| one.set.as_str()).collect();
        assert_eq!(sets, ["a", "a", "b"]);
    }
}
