//! What a next stop takes, in lanes per last order.

use super::NEVER;
use crate::{
    arcs::{Arcs, NONE},
    clockwork::Clockwork,
    instance::{StopId, delivery, pickup},
};

/// Arcs to a stop, and what the stop takes; all in seconds.
#[derive(Debug)]
pub(crate) struct Column {
    /// From each order's pickup.
    pub arcs: Vec<f64>,
    /// What the arc from its delivery is longer.
    pub more: Vec<f64>,
    /// Service begins no earlier.
    pub ready: f64,
    /// Service that begins later is late.
    pub due: f64,
    /// What a second of it costs.
    pub late: f64,
    pub service: f64,
}

impl Column {
    /// Of several windows it sees the first start and the last end, which bound what
    /// they cost.
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
        let (due, late) = clockwork
            .due(to)
            .map_or((NEVER, 0.0), |(due, late)| (due as f64, late as f64));
        Self {
            arcs: lanes(&|order| seconds(pickup(order)), NEVER),
            more: lanes(&|order| seconds(delivery(order)) - seconds(pickup(order)), 0.0),
            ready: clockwork.ready(to).map_or(-NEVER, |ready| ready as f64),
            due,
            late,
            service: clockwork.service(to) as f64,
        }
    }
}
