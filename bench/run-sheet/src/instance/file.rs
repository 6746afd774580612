//! The JSON of an instance.

use anyhow::{Context, bail, ensure};
use run_sheet::{Matrix, Order, Problem, Stop, Weights, Window};
use serde::Deserialize;

/// From this second on, a due time is none.
const NEVER_DUE: i64 = 10_000_000;
/// The end of a window without one.
pub const NO_END: i64 = 1 << 40;
/// What the mdrp instances count: a second of lateness as ten of travel.
pub const TRAVEL_AND_LATENESS: Weights = Weights {
    travel: 1,
    lateness: 10,
    finish: 0,
};

/// Node 0 is the rider's start; order i of 1 to n has nodes 2i - 1 and 2i.
#[derive(Deserialize)]
pub struct File {
    pub name: String,
    pub n: usize,
    open: bool,
    matrix: Vec<Vec<u32>>,
    capacity: Option<i64>,
    demand: Option<Vec<i64>>,
    ready: Option<Vec<i64>>,
    due: Option<Vec<i64>>,
    service: Option<Vec<u32>>,
    objective: Option<String>,
    pub optimal: Option<i64>,
    pub best_known: Option<i64>,
    pub route: Option<Vec<usize>>,
}

impl File {
    /// For the solver.
    pub fn problem(&self) -> anyhow::Result<Problem> {
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
