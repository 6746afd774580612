//! How time and cost go on from stop to stop.

use crate::{
    Window,
    instance::{Instance, StopId, order_of},
};

/// A problem's stops, ready for walking along them.
#[derive(Debug)]
pub(crate) struct Clockwork<'a> {
    pub instance: &'a Instance<'a>,
    stops: Vec<Timed<'a>>,
    travel: i64,
    lateness: i64,
    finish: i64,
}

#[derive(Debug)]
struct Timed<'a> {
    service: i64,
    /// Of the first window and the last one, so that most steps need no other look:
    /// steps are most of what a local search does.
    ready: i64,
    due: i64,
    windows: &'a [Window],
    /// What a second of lateness costs.
    late: i64,
}

/// Where a rider has got to: ready to leave, at a cost so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub time: i64,
    pub cost: i64,
}

/// A stop's times in seconds, as floats: they hold whole numbers up to 2^53. Of several
/// windows the first start and the last end, which bound what they cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timing {
    /// Service begins no earlier.
    pub ready: f64,
    /// Service that begins later is late.
    pub due: f64,
    /// What a second of it costs; 0 if it can never be late.
    pub late: f64,
    pub service: f64,
}

impl Timing {
    /// When service begins after an arrival.
    pub fn begin(&self, arrival: f64) -> f64 {
        arrival.max(self.ready)
    }

    /// What it costs that service begins then.
    pub fn cost(&self, begin: f64) -> f64 {
        self.late * (begin - self.due).max(0.0)
    }
}

impl<'a> Clockwork<'a> {
    pub fn new(instance: &'a Instance<'a>) -> Self {
        let problem = instance.problem;
        let timed = |stop| {
            let order = order_of(stop);
            let known = instance.is_visited(stop).then(|| instance.stop(stop));
            let windows: &[Window] = known.map_or(&[], |stop| &stop.windows);
            Timed {
                service: known.map_or(0, |stop| i64::from(stop.service)),
                ready: windows.first().map_or(i64::MIN, |window| window.start),
                due: windows.last().map_or(i64::MAX / 2, |window| window.end),
                windows,
                // Where it does not fit nothing can ever be late.
                late: (problem.weights.lateness).saturating_mul(problem.orders[order].urgency.into()),
            }
        };
        Self {
            instance,
            stops: (0..instance.stops()).map(timed).collect(),
            travel: problem.weights.travel,
            lateness: problem.weights.lateness,
            finish: problem.weights.finish,
        }
    }

    /// Before the first stop.
    pub fn start(&self) -> Moment {
        Moment {
            time: self.instance.problem.departure,
            cost: 0,
        }
    }

    /// On to the next stop, and its service done.
    #[inline]
    pub fn step(&self, from: Option<StopId>, at: Moment, to: StopId) -> Moment {
        let travel = self.instance.travel(from, to);
        let stop = &self.stops[to];
        let begin = stop.begin(at.time + travel);
        Moment {
            time: begin + stop.service,
            cost: at.cost + self.travel * travel + stop.late * stop.lateness(begin),
        }
    }

    /// From the last stop to the end of the route: the whole cost.
    pub fn finish(&self, last: Option<StopId>, at: Moment) -> i64 {
        let travel = self.instance.leg(last, None);
        let end = at.time + travel;
        let over = self.instance.problem.due.map_or(0, |due| (end - due).max(0));
        at.cost
            + self.travel * travel
            // Bounds look at delays that no route has.
            + self.lateness.saturating_mul(over).min(i64::MAX / 4)
            + self.finish * (end - self.instance.problem.departure)
    }

    /// The cost of a route.
    pub fn cost(&self, route: &[StopId]) -> i64 {
        let mut at = self.start();
        let mut last = None;
        for &stop in route {
            at = self.step(last, at, stop);
            last = Some(stop);
        }
        self.finish(last, at)
    }

    /// When the route should end, and what a second more costs: by the finish's weight
    /// from the start on, and by lateness if there is a due time.
    pub fn ends(&self) -> [Option<(i64, i64)>; 2] {
        let problem = self.instance.problem;
        let finish = (self.finish > 0).then_some((problem.departure, self.finish));
        let late = problem.due.filter(|_| self.lateness > 0);
        [finish, late.map(|due| (due, self.lateness))]
    }

    /// Whether no stop has more than one window.
    pub fn has_single_windows(&self) -> bool {
        self.stops.iter().all(|stop| stop.windows.len() < 2)
    }

    /// What a second later at most costs from a state on: the finish, and lateness
    /// at each stop left that can be late. None where a second may cost a whole
    /// window.
    pub fn slope(&self, left: impl Iterator<Item = StopId>) -> Option<i64> {
        let route = if self.instance.problem.due.is_some() {
            self.lateness
        } else {
            0
        };
        left.map(|stop| &self.stops[stop])
            .try_fold(self.finish + route, |sum, stop| match stop.windows.len() {
                0 => Some(sum),
                1 => Some(sum.saturating_add(stop.late)),
                _ => None,
            })
    }

    /// Seconds of service at a stop.
    pub fn service(&self, stop: StopId) -> i64 {
        self.stops[stop].service
    }

    /// When service begins after an arrival.
    pub fn begin(&self, stop: StopId, arrival: i64) -> i64 {
        self.stops[stop].begin(arrival)
    }

    /// When service can begin at the earliest, if there is such a time.
    pub fn ready(&self, stop: StopId) -> Option<i64> {
        self.stops[stop].windows.first().map(|window| window.start)
    }

    /// A stop's times for bounds and for prices of delays.
    pub fn timing(&self, stop: StopId) -> Timing {
        let ready = self.ready(stop).map(|ready| ready as f64);
        let due = self.due(stop).map(|(due, late)| (due as f64, late as f64));
        let (due, late) = due.unwrap_or((f64::INFINITY, 0.0));
        Timing {
            ready: ready.unwrap_or(f64::NEG_INFINITY),
            due,
            late,
            service: self.service(stop) as f64,
        }
    }

    /// What a beginning of service costs in lateness.
    pub fn lateness_cost(&self, stop: StopId, begin: i64) -> i64 {
        self.stops[stop].late * self.stops[stop].lateness(begin)
    }

    /// When service at a stop is due, if ever, and what a second costs.
    pub fn due(&self, stop: StopId) -> Option<(i64, i64)> {
        self.stops[stop]
            .windows
            .last()
            .map(|window| (window.end, self.stops[stop].late))
    }

    /// What so many seconds of travel, and of a later finish, cost.
    pub fn plain(&self, travel: i64, duration: i64) -> i64 {
        self.travel * travel + self.finish * duration
    }

    /// Stops that are to be visited.
    pub fn visited(&self) -> impl Iterator<Item = StopId> {
        (0..self.stops.len()).filter(|&stop| self.instance.is_visited(stop))
    }
}

impl Timed<'_> {
    #[inline]
    fn begin(&self, arrival: i64) -> i64 {
        if self.windows.len() < 2 {
            return arrival.max(self.ready);
        }
        let open = self.windows.iter().find(|window| arrival <= window.end);
        open.map_or(arrival, |window| arrival.max(window.start))
    }

    #[inline]
    fn lateness(&self, begin: i64) -> i64 {
        (begin - self.due).max(0)
    }
}
