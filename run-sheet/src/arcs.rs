//! Problems in which time does not matter: a route costs the sum of its arcs.

use crate::instance::{Instance, StopId, is_delivery, order_of, pickup};

/// No such arc. Two of them and a table's value can be added without overflow.
pub(crate) const NONE: i32 = i32::MAX / 4;

/// Lengths of arcs in seconds of travel. A route's cost is `fixed + unit * length`.
#[derive(Debug)]
pub(crate) struct Arcs {
    pub stops: usize,
    /// Stops of a route.
    pub visits: usize,
    pub on_board: Vec<bool>,
    /// From the start to each stop.
    pub start: Vec<i32>,
    /// From each stop to the end.
    pub end: Vec<i32>,
    between: Vec<i32>,
    unit: i64,
    fixed: i64,
}

impl Arcs {
    /// The arcs of travel alone, whatever else the problem asks for.
    pub fn new(instance: &Instance) -> Self {
        let stops = instance.stops();
        let weights = &instance.problem.weights;
        let seconds = |seconds: i64| i32::try_from(seconds).expect("validated: at most 10^7 s");
        let starts = |stop: &StopId| !is_delivery(*stop) || instance.on_board[order_of(*stop)];
        let visited = |stop: &StopId| instance.is_visited(*stop);
        let mut between = Vec::with_capacity(stops * stops);
        for from in 0..stops {
            let arcs = instance.travel_from(from).iter();
            between.extend(arcs.map(|&arc| seconds(arc.into())));
            let arcs = &mut between[from * stops..];
            if !visited(&from) {
                arcs.fill(NONE);
            }
            arcs[from] = NONE;
            // From an order's delivery to its pickup; one on board has none to go to.
            if is_delivery(from) {
                arcs[pickup(order_of(from))] = NONE;
            }
        }
        for order in (0..instance.orders()).filter(|&order| instance.on_board[order]) {
            let column = between.iter_mut().skip(pickup(order)).step_by(stops);
            column.for_each(|arc| *arc = NONE);
        }
        let service: i64 = (0..stops)
            .filter(visited)
            .map(|stop| i64::from(instance.stop(stop).service))
            .sum();
        Self {
            stops,
            visits: (0..stops).filter(visited).count(),
            on_board: instance.on_board.clone(),
            start: (0..stops)
                .map(|to| {
                    if visited(&to) && starts(&to) {
                        seconds(instance.travel(None, to))
                    } else {
                        NONE
                    }
                })
                .collect(),
            end: (0..stops)
                .map(|from| {
                    if is_delivery(from) {
                        seconds(instance.travel_home(from))
                    } else {
                        NONE
                    }
                })
                .collect(),
            between,
            unit: weights.travel + weights.finish,
            fixed: weights.finish * service,
        }
    }

    pub fn orders(&self) -> usize {
        self.on_board.len()
    }

    /// Seconds of the arc, or [`NONE`].
    pub fn get(&self, from: StopId, to: StopId) -> i32 {
        self.between[from * self.stops + to]
    }

    /// Seconds of the arcs from a stop.
    pub fn from(&self, stop: StopId) -> &[i32] {
        &self.between[stop * self.stops..][..self.stops]
    }

    /// The longest arc in seconds.
    pub fn longest(&self) -> i32 {
        let all = self.between.iter().chain(&self.start).chain(&self.end);
        all.copied().filter(|&length| length < NONE).max().unwrap_or(0)
    }

    /// Seconds of a route.
    pub fn length(&self, route: &[StopId]) -> i64 {
        let (Some(&first), Some(&last)) = (route.first(), route.last()) else {
            return 0;
        };
        let between: i64 = route
            .windows(2)
            .map(|pair| i64::from(self.get(pair[0], pair[1])))
            .sum();
        i64::from(self.start[first]) + between + i64::from(self.end[last])
    }

    /// No route is shorter: each stop by its shortest arc.
    pub fn least(&self) -> i64 {
        let froms = |to: StopId| {
            (0..self.stops)
                .map(move |from| self.get(from, to))
                .chain([self.start[to]])
        };
        let least = |to: StopId| froms(to).min().filter(|&arc| arc < NONE).map_or(0, i64::from);
        let home = self
            .end
            .iter()
            .copied()
            .min()
            .filter(|&arc| arc < NONE)
            .map_or(0, i64::from);
        (0..self.stops).map(least).sum::<i64>() + home
    }

    /// The objective of a route of a length.
    pub fn cost(&self, length: i64) -> i64 {
        self.fixed + self.unit * length
    }
}

/// Whether no route's cost depends on when it gets where.
pub(crate) fn time_is_free(instance: &Instance) -> bool {
    let problem = instance.problem;
    let weights = &problem.weights;
    let stops = || {
        (0..instance.stops())
            .filter(|&stop| instance.is_visited(stop))
            .map(|stop| instance.stop(stop))
    };
    let waits = stops().any(|stop| stop.windows.iter().any(|window| window.start > problem.departure));
    let latest = problem.latest_finish();
    let late = problem.due.is_some_and(|due| latest > due)
        || stops().any(|stop| stop.windows.last().is_some_and(|window| latest > window.end));
    (weights.finish == 0 || !waits) && (weights.lateness == 0 || !late)
}
