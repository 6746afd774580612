//! What the function answers.

use jiff::Timestamp;
use lessons::store::Audit;
use serde::Serialize;

use crate::sight::Publisher;

/// The answer, by the event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To a slot.
    Slot(SlotAnswer),
    /// To an audit.
    Audit(AuditAnswer),
}

/// What became of the incident, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentState {
    /// There is none.
    None,
    /// This wake has opened it.
    Opened,
    /// It was open and is.
    Open,
    /// This wake has closed it.
    Closed,
    /// The database could not be read.
    Unknown,
}

impl IncidentState {
    /// The word in answers and the log.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Opened => "opened",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unknown => "unknown",
        }
    }
}

/// What a wake saw and did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SlotAnswer {
    /// Begin of the minute.
    pub slot: Timestamp,
    /// How often it looked.
    pub looks: u32,
    /// Lessons that should be open and are not; null when nobody knows.
    pub overdue: Option<i64>,
    /// How long the longest waiting of them has waited, in ms; null when nobody
    /// knows.
    pub worst_late_ms: Option<i64>,
    /// How far the slot's publisher is.
    pub publisher: Publisher,
    /// What became of the incident.
    pub incident: IncidentState,
    /// The channels that took a message: `sns`, `slack`.
    pub told: Vec<&'static str>,
    /// Whether a replay was asked for.
    pub replayed: bool,
    /// Messages that a channel did not take; for metrics.
    #[serde(skip)]
    pub untold: usize,
}

/// How the lessons of a day fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditAnswer {
    /// First instant.
    pub from: Timestamp,
    /// First instant that is not in it any more.
    pub to: Timestamp,
    /// The figures.
    #[serde(flatten)]
    pub audit: Audit,
    /// The channels that took a message: `sns`, `slack`.
    pub told: Vec<&'static str>,
}

impl Answer {
    /// Writes the invocation's one line.
    pub fn log(&self) {
        match self {
            Self::Slot(answer) => answer.log(),
            Self::Audit(answer) => answer.log(),
        }
    }
}

impl SlotAnswer {
    fn log(&self) {
        tracing::info!(
            slot = %self.slot,
            looks = self.looks,
            overdue = self.overdue,
            worst_late_ms = self.worst_late_ms,
            publisher = self.publisher.word(),
            incident = self.incident.word(),
            told = self.told.join(","),
            replayed = self.replayed,
            "watched"
        );
    }
}

impl AuditAnswer {
    fn log(&self) {
        let audit = &self.audit;
        tracing::info!(
            from = %self.from,
            to = %self.to,
            on_time = audit.on_time,
            late = audit.late,
            recovered = audit.recovered,
            missed = audit.missed,
            by_hand = audit.by_hand,
            worst_late_ms = audit.worst_late_ms,
            told = self.told.join(","),
            "audited"
        );
    }
}
