//! One instance of the benchmark, from its JSON.

mod file;

use anyhow::ensure;
use run_sheet::{Problem, Task};

use file::File;

/// A problem, and what is known about it.
pub struct Instance {
    /// The folder that it is in.
    pub set: String,
    /// Unique among all.
    pub name: String,
    /// How many orders.
    pub n: usize,
    /// For the solver.
    pub problem: Problem,
    /// The best value known.
    pub best: Option<Best>,
    /// A route of that value.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the tests add it up again"))]
    pub route: Option<Vec<Task>>,
}

/// A value of the objective that somebody reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Best {
    /// The objective.
    pub value: i64,
    /// Nothing is better.
    pub proven: bool,
}

impl Instance {
    /// Reads the JSON of an instance in the set.
    pub fn parse(set: &str, json: &str) -> anyhow::Result<Self> {
        let file: File = serde_json::from_str(json)?;
        let problem = file.problem()?;
        problem.validate()?;
        let route = file
            .route
            .as_ref()
            .map(|nodes| tasks(nodes, file.n))
            .transpose()?;
        let known = [(file.optimal, true), (file.best_known, false)];
        let mut known = known.into_iter();
        let best = known.find_map(|(value, proven)| value.map(|value| Best { value, proven }));
        Ok(Self {
            set: set.to_owned(),
            name: file.name,
            n: file.n,
            problem,
            best,
            route,
        })
    }

    /// By how much a value is above the best known, in percent; below it, negative.
    pub fn gap(&self, value: i64) -> Option<f64> {
        self.best
            .map(|best| (value - best.value) as f64 * 100.0 / best.value.max(1) as f64)
    }
}

/// The tasks at these nodes.
pub fn tasks(nodes: &[usize], n: usize) -> anyhow::Result<Vec<Task>> {
    let task = |&node: &usize| {
        ensure!((1..=2 * n).contains(&node), "{node} is not the node of a task");
        let order = (node - 1) / 2;
        Ok(match node % 2 {
            1 => Task::Pickup(order),
            _ => Task::Delivery(order),
        })
    };
    nodes.iter().map(task).collect()
}

#[cfg(test)]
mod tests;
