//! What a next stop takes, in lanes per last order.

use super::NEVER;
use crate::{
    arcs::{Arcs, NONE},
    clockwork::{Clockwork, Timing},
    instance::{StopId, delivery, pickup},
};

/// Arcs to a stop in seconds, and what the stop takes.
#[derive(Debug)]
pub(crate) struct Column {
    /// From each order's pickup.
    pub arcs: Vec<f64>,
    /// What the arc from its delivery is longer.
    pub more: Vec<f64>,
    pub timing: Timing,
}

impl Column {
    pub fn new(clockwork: &Clockwork, arcs: &Arcs, to: StopId, width: usize) -> Self {
        let seconds = |from: StopId| match arcs.get(from, to) {
            NONE.. => NEVER,
            seconds => f64::from(seconds),
        };
        let lanes = |lane: &dyn Fn(usize) -> f64, other: f64| {
            (0..width)
                .map(|order| if order < arcs.orders() { lane(order) } else { other })
                .collect()
        };
        Self {
            arcs: lanes(&|order| seconds(pickup(order)), NEVER),
            more: lanes(&|order| seconds(delivery(order)) - seconds(pickup(order)), 0.0),
            timing: clockwork.timing(to),
        }
    }
}
