//! The last run sheets, as they are drawn.

use serde::{Deserialize, Serialize};

use super::recent::Recent;

const KEPT: usize = 8;
/// Of each moment.
const PER_MOMENT: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Sheets(pub Recent<Sheet, KEPT>);

/// A run sheet.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Sheet {
    at: i64,
    took_ms: f64,
    proof: String,
    gap: f64,
    cost: i64,
    orders: usize,
    steps: Vec<Step>,
}

/// Where the rider goes.
#[derive(Debug, Clone, Serialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    id: Option<u64>,
    lat: Option<f64>,
    lon: Option<f64>,
    arrival: i64,
    late_s: i64,
}

#[derive(Deserialize)]
struct Payload {
    body: String,
}

/// As much of an answer as is drawn.
#[derive(Deserialize)]
struct Answer {
    routes: Vec<Route>,
    proof: Proof,
    elapsed_ms: f64,
}

#[derive(Deserialize)]
struct Route {
    cost: i64,
    steps: Vec<Visit>,
}

#[derive(Deserialize)]
struct Proof {
    status: String,
    gap: f64,
}

#[derive(Deserialize)]
struct Visit {
    #[serde(rename = "type")]
    kind: String,
    id: Option<u64>,
    /// Longitude first, as VROOM has it.
    location: Option<(f64, f64)>,
    arrival: i64,
    #[serde(default)]
    violations: Vec<Violation>,
}

#[derive(Deserialize)]
struct Violation {
    duration: Option<i64>,
}

impl Sheets {
    /// Takes in an answer over HTTP; one that is no run sheet says nothing.
    pub fn read(&mut self, at: i64, payload: &[u8]) {
        if self.0.fresh() >= PER_MOMENT {
            return;
        }
        let answer = serde_json::from_slice::<Payload>(payload)
            .and_then(|payload| serde_json::from_str::<Answer>(&payload.body));
        if let Ok(answer) = answer
            && let Some(sheet) = Sheet::of(at, answer)
        {
            self.0.add(sheet);
        }
    }
}

impl Sheet {
    fn of(at: i64, answer: Answer) -> Option<Self> {
        let route = answer.routes.into_iter().next()?;
        let is_delivery = |step: &&Visit| step.kind == "delivery" || step.kind == "job";
        Some(Self {
            at,
            took_ms: answer.elapsed_ms,
            proof: answer.proof.status,
            gap: answer.proof.gap,
            cost: route.cost,
            orders: route.steps.iter().filter(is_delivery).count(),
            steps: route.steps.into_iter().map(Step::of).collect(),
        })
    }
}

impl Step {
    fn of(visit: Visit) -> Self {
        let (lon, lat) = visit.location.unzip();
        Self {
            kind: visit.kind,
            id: visit.id,
            lat,
            lon,
            arrival: visit.arrival,
            late_s: visit
                .violations
                .iter()
                .find_map(|violation| violation.duration)
                .unwrap_or_default(),
        }
    }
}
