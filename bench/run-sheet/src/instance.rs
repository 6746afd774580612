//! One instance of the benchmark, from its JSON.

use anyhow::{Context, bail, ensure};
use run_sheet::{Matrix, Order, Problem, Stop, Task, Weights, Window};
use serde::Deserialize;

/// From this second on, a due time is none.
const NEVER_DUE: i64 = 10_000_000;
/// The end of a window without one.
const NO_END: i64 = 1 << 40;
/// What the mdrp instances count: a second of lateness as ten of travel.
const TRAVEL_AND_LATENESS: Weights = Weights {
    travel: 1,
    lateness: 10,
    finish: 0,
};

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

/// Node 0 is the rider's start; order i of 1 to n has nodes 2i - 1 and 2i.
#[derive(Deserialize)]
struct File {
    name: String,
    n: usize,
    open: bool,
    matrix: Vec<Vec<u32>>,
    capacity: Option<i64>,
    demand: Option<Vec<i64>>,
    ready: Option<Vec<i64>>,
    due: Option<Vec<i64>>,
    service: Option<Vec<u32>>,
    objective: Option<String>,
    optimal: Option<i64>,
    best_known: Option<i64>,
    route: Option<Vec<usize>>,
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

impl File {
    fn problem(&self) -> anyhow::Result<Problem> {
        let size = 2 * self.n + 1;
        let square = self.matrix.len() == size && self.matrix.iter().all(|row| row.len() == size);
        ensure!(
            square,
            "a matrix for {} orders has {size} rows and columns",
            self.n
        );
        let weights = match self.objective.as_deref() {
            None => Weights::TRAVEL,
            Some("travel+10*late") => TRAVEL_AND_LATENESS,
            Some(other) => bail!("the objective {other} is not known"),
        };
        let orders = (1..=self.n).map(|order| self.order(order));
        Ok(Problem {
            travel: Matrix::new(size, self.matrix.concat()),
            start: Some(0),
            end: (!self.open).then_some(0),
            departure: 0,
            due: None,
            capacity: self.capacity.into_iter().collect(),
            orders: orders.collect::<anyhow::Result<_>>()?,
            weights,
        })
    }

    fn order(&self, order: usize) -> anyhow::Result<Order> {
        let (pickup, delivery) = (2 * order - 1, 2 * order);
        let amount = at(&self.demand, pickup, 1)?;
        let fits = self.capacity.is_none_or(|capacity| amount <= capacity);
        ensure!(fits, "order {order} is too large for the rider");
        Ok(Order {
            pickup: Some(self.stop(pickup)?),
            delivery: self.stop(delivery)?,
            amount: self.capacity.map(|_| amount).into_iter().collect(),
            urgency: 1,
        })
    }

    fn stop(&self, node: usize) -> anyhow::Result<Stop> {
        let start = at(&self.ready, node, 0)?;
        let due = at(&self.due, node, NEVER_DUE)?;
        let end = if due < NEVER_DUE { due } else { NO_END };
        let windows = match (start, end) {
            (0, NO_END) => vec![],
            _ => vec![Window { start, end }],
        };
        Ok(Stop {
            location: node,
            service: at(&self.service, node, 0)?,
            windows,
        })
    }
}

/// What the list says of a node; the default where there is no list.
fn at<T: Copy>(list: &Option<Vec<T>>, node: usize, default: T) -> anyhow::Result<T> {
    let Some(list) = list else { return Ok(default) };
    let value = list.get(node).copied();
    value.with_context(|| format!("a list of the instance has nothing for node {node}"))
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
