//! What the figures have to be.

use crate::{
    figures::{Figures, ms, spread},
    run::{All, Case},
    strategy::Strategy,
};

/// A target and what was measured.
#[derive(Debug)]
pub struct Goal {
    pub what: String,
    pub measured: f64,
    bound: Bound,
}

#[derive(Debug)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

impl Goal {
    pub fn is_met(&self) -> bool {
        match self.bound {
            Bound::AtMost(limit) => self.measured <= limit,
            Bound::AtLeast(limit) => self.measured >= limit,
        }
    }

    pub fn wanted(&self) -> String {
        match self.bound {
            Bound::AtMost(limit) => format!("≤ {limit:.2}"),
            Bound::AtLeast(limit) => format!("≥ {limit:.2}"),
        }
    }
}

pub fn of(all: &All) -> Vec<Goal> {
    let at_most = |what: String, measured, limit| Goal {
        what,
        measured,
        bound: Bound::AtMost(limit),
    };
    let figures = |cases: &[Case], strategy| Figures::of(find(cases, strategy));
    let off = figures(&all.ingest, Strategy::Off);
    let mut goals = vec![Goal {
        what: "trace-ingest, off: first answer over steady p50, median".to_owned(),
        measured: off.ratio.p50,
        bound: Bound::AtLeast(5.0),
    }];
    let ingest = ("trace-ingest", &all.ingest);
    let others = all.others.iter().map(|other| (other.name, &other.cases));
    for (name, cases) in std::iter::once(ingest).chain(others) {
        let full = figures(cases, Strategy::Full);
        goals.push(at_most(
            format!("{name}, full: first answer over steady p50, median"),
            full.ratio.p50,
            1.2,
        ));
        goals.push(at_most(
            format!("{name}, full: the same, p99"),
            full.ratio.p99,
            2.0,
        ));
        // For the lessons' functions the two are the same: the tables are checked in each.
        if !name.starts_with("schedule-") {
            let (off, connect) = (figures(cases, Strategy::Off), figures(cases, Strategy::Connect));
            goals.push(at_most(
                format!("{name}, on demand: init and first answer, over those with off, medians"),
                connect.total.p50 / off.total.p50,
                1.0,
            ));
        }
    }
    let inits = all.inits.clone();
    let [empty, ingest] = inits.map(|inits| spread(inits.into_iter().map(ms).collect()));
    goals.push(at_most(
        "trace-ingest: init without the network, over that of an empty function, medians".to_owned(),
        ingest.p50 / empty.p50,
        1.5,
    ));
    goals
}

/// The case of this way; each function is measured in its own ways.
pub fn find(cases: &[Case], strategy: Strategy) -> &Case {
    let found = cases.iter().find(|case| case.strategy == strategy);
    found.expect("it was measured")
}
