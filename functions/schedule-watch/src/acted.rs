//! What a wake did, for its answer and the log.

use lessons::StoreError;

use crate::{answer::IncidentState, error::WatchError, tell::Told};

/// What a wake did.
#[derive(Debug)]
pub(crate) struct Acted {
    pub incident: IncidentState,
    pub told: Told,
    pub replayed: bool,
    /// For the log.
    pub problems: Vec<WatchError>,
}

impl Acted {
    pub fn failed(error: StoreError, told: Told) -> Self {
        Self {
            incident: IncidentState::Unknown,
            told,
            replayed: false,
            problems: vec![error.into()],
        }
    }

    /// Writes each problem's one log line.
    pub fn log(&self) {
        let problems = self.problems.iter().chain(&self.told.problems);
        problems.for_each(WatchError::log);
    }

    /// This, and later that.
    pub fn and(mut self, later: Self) -> Self {
        self.told.merge(later.told);
        self.problems.extend(later.problems);
        Self {
            incident: later.incident,
            replayed: self.replayed || later.replayed,
            ..self
        }
    }
}
