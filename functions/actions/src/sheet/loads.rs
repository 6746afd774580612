use crate::{case::Case, plan::Plan};

/// What is on board along a route. Unlike the solver's, it counts also where there
/// is no capacity.
#[derive(Debug)]
pub struct Loads {
    now: Vec<i64>,
    capacity: Option<Vec<i64>>,
    picked_up: Vec<i64>,
    delivered: Vec<i64>,
}

impl Loads {
    /// What is on board before the first stop.
    pub fn at_departure(case: &Case, plan: &Plan) -> Self {
        let capacity = case.rider.capacity.clone();
        let amounts = || case.orders.iter().map(|order| order.amount.len());
        let dimensions = capacity
            .as_ref()
            .map_or_else(|| amounts().max().unwrap_or(0), Vec::len);
        let mut now = vec![0; dimensions];
        for (open, task) in plan.open.iter().zip(&plan.problem.orders) {
            if task.pickup.is_none() {
                add(&mut now, &case.orders[*open].amount, 1);
            }
        }
        let (picked_up, delivered) = (vec![0; dimensions], vec![0; dimensions]);
        Self {
            now,
            capacity,
            picked_up,
            delivered,
        }
    }

    /// Takes an order on board, or drops it off.
    pub fn follow(&mut self, pickup: bool, amount: &[i64]) {
        let moved = if pickup {
            &mut self.picked_up
        } else {
            &mut self.delivered
        };
        add(moved, amount, 1);
        add(&mut self.now, amount, if pickup { 1 } else { -1 });
    }

    /// What is on board, per dimension.
    pub fn now(&self) -> &[i64] {
        &self.now
    }

    /// Whether that is more than the rider can carry.
    pub fn too_much(&self) -> bool {
        let capacity = self.capacity.iter().flatten();
        self.now.iter().zip(capacity).any(|(load, most)| load > most)
    }

    /// What was picked up and what was delivered so far.
    pub fn moved(self) -> (Vec<i64>, Vec<i64>) {
        (self.picked_up, self.delivered)
    }
}

fn add(load: &mut [i64], amount: &[i64], sign: i64) {
    for (load, amount) in load.iter_mut().zip(amount) {
        *load += sign * amount;
    }
}
