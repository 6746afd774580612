//! What a delay costs the rest of a route, without following it.

use crate::{
    clockwork::Clockwork,
    instance::{Instance, StopId},
};

/// A route, and at each of its stops what it costs to come there later.
///
/// A delay shrinks by what is waited at each stop on the way, and what is left of it
/// is late by what exceeds the stop's slack. So with the waiting before a stop added
/// to it, the same number tells the delay at every stop from there on, and the cost
/// of a delay is a sum of `late * max(0, delay - slack)` whose terms do not depend on
/// where it began. That holds where every stop has one window at most.
#[derive(Debug)]
pub(crate) struct Delays<'a> {
    instance: &'a Instance<'a>,
    route: &'a [StopId],
    /// At each stop, and at the end of the route.
    places: Vec<At>,
    /// Slack, with all waiting up to there, and what a second more costs, in the order
    /// of the route; the end comes last.
    dues: Vec<(f64, f64)>,
}

/// At a stop of the route, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At {
    /// When the rider leaves the stop before it.
    pub left: f64,
    /// How long it takes from there.
    pub leg: f64,
    /// Waited at all stops before this one.
    waited: f64,
    /// The first of the dues from there on.
    due: usize,
}

impl<'a> Delays<'a> {
    pub fn new(clockwork: &'a Clockwork<'a>, route: &'a [StopId]) -> Self {
        let mut delays = Self {
            instance: clockwork.instance,
            route,
            places: Vec::with_capacity(route.len() + 1),
            dues: Vec::with_capacity(route.len() + 2),
        };
        let (mut left, mut waited) = (clockwork.start().time as f64, 0.0);
        for &stop in route {
            let arrival = delays.add(left, waited, Some(stop));
            let timing = clockwork.timing(stop);
            let begin = timing.begin(arrival);
            waited += begin - arrival;
            if timing.late > 0.0 {
                let slack = (timing.due - begin).max(0.0);
                delays.dues.push((waited + slack, timing.late));
            }
            left = begin + timing.service;
        }
        let arrival = delays.add(left, waited, None);
        let ends = clockwork.ends().into_iter().flatten();
        delays.dues.extend(ends.map(|(due, late)| {
            let slack = due as f64 - arrival;
            (waited + slack.max(0.0), late as f64)
        }));
        delays
    }

    /// The next place, and the arrival there.
    fn add(&mut self, left: f64, waited: f64, to: Option<StopId>) -> f64 {
        let leg = self.travel(self.places.len(), to);
        self.places.push(At {
            left,
            leg,
            waited,
            due: self.dues.len(),
        });
        left + leg
    }

    pub fn at(&self, place: usize) -> At {
        self.places[place]
    }

    /// Seconds between two stops.
    pub fn between(&self, from: StopId, to: StopId) -> f64 {
        self.instance.travel(Some(from), to) as f64
    }

    /// Seconds to a stop from the one before a place.
    pub fn to(&self, place: usize, stop: StopId) -> f64 {
        self.travel(place, Some(stop))
    }

    /// Seconds from a stop to the one at a place, or to the end.
    pub fn from(&self, stop: StopId, place: usize) -> f64 {
        self.instance.leg(Some(stop), self.route.get(place).copied()) as f64
    }

    fn travel(&self, place: usize, to: Option<StopId>) -> f64 {
        let before = place.checked_sub(1).map(|before| self.route[before]);
        self.instance.leg(before, to) as f64
    }

    /// A delay by the time of arrival at a place, to be asked for at any later one.
    pub fn delay(&self, place: usize, arrival: f64) -> f64 {
        let at = &self.places[place];
        arrival - (at.left + at.leg) + at.waited
    }

    /// When the rider leaves the stop before a place, with a delay from before it.
    pub fn left(&self, place: usize, delay: f64) -> f64 {
        let at = &self.places[place];
        at.left + (delay - at.waited).max(0.0)
    }

    /// What a delay costs from a place on.
    pub fn cost(&self, place: usize, delay: f64) -> f64 {
        cost(&self.dues[self.places[place].due..], delay)
    }

    /// What a delay costs at the stop at a place, of those before the end.
    pub fn cost_at(&self, place: usize, delay: f64) -> f64 {
        cost(
            &self.dues[self.places[place].due..self.places[place + 1].due],
            delay,
        )
    }

    /// How many terms that is.
    pub fn terms(&self, place: usize) -> usize {
        self.dues.len() - self.places[place].due
    }
}

fn cost(dues: &[(f64, f64)], delay: f64) -> f64 {
    // Four sums, or each addition would wait for the one before.
    let mut sums = [0.0; 4];
    let mut fours = dues.chunks_exact(4);
    for four in &mut fours {
        for (sum, (slack, late)) in sums.iter_mut().zip(four) {
            *sum += late * (delay - slack).max(0.0);
        }
    }
    for (sum, (slack, late)) in sums.iter_mut().zip(fours.remainder()) {
        *sum += late * (delay - slack).max(0.0);
    }
    sums.iter().sum()
}
