//! Lines of the stream `actions`: one for each recorded action, one for the sheet.

use jiff::Timestamp;
use serde::Serialize;
use uuid::{Uuid, uuid};

use crate::{case::Case, request::ActionKind, response::Response, sheet::Step};

/// The namespace of action ids (UUID version 5).
const NAMESPACE: Uuid = uuid!("3d4f1c52-0a6e-5c0b-9f7d-6a1b8e2c4d70");

/// Who sent what, and when.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The id of the API key.
    pub key_id: String,
    /// When the request came in.
    pub received_at: Timestamp,
    /// Lambda's id of the invocation, if there is one.
    pub request_id: Option<String>,
}

#[derive(Serialize)]
struct ActionLine<'a> {
    kind: &'static str,
    action_id: String,
    agent_id: &'a str,
    #[serde(rename = "type")]
    action: ActionKind,
    order_id: u64,
    time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lon: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_index: Option<usize>,
    received_at: String,
    key_id: &'a str,
}

#[derive(Serialize)]
struct SheetLine<'a> {
    kind: &'static str,
    agent_id: &'a str,
    received_at: String,
    key_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    orders: usize,
    cost: i64,
    status: &'static str,
    lower_bound: i64,
    travel: i64,
    waiting: i64,
    lateness: i64,
    click_to_door: i64,
    departure: i64,
    finish: i64,
    elapsed_ms: f64,
    stop_reason: &'static str,
    steps: Vec<StepLine>,
}

/// Without loads, places and descriptions: with the most steps that a request may
/// have, the line is a fraction of what one may hold.
#[derive(Serialize)]
struct StepLine {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    arrival: i64,
    waiting_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<i64>,
}

/// One line for each action; the same action sent again has the same id.
pub fn actions(case: &Case, sender: &Sender) -> Vec<String> {
    let line = |action: &crate::request::Action| {
        let (agent_id, time) = (&*case.agent_id, action.time.0);
        // A line feed cannot occur in an agent's id, so no two actions share a name.
        let name = format!("{agent_id}\n{}\n{}\n{time}", action.order_id, action.kind.name());
        line(&ActionLine {
            kind: "action",
            action_id: Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string(),
            agent_id,
            action: action.kind,
            order_id: action.order_id,
            time,
            lat: action.location.map(|location| location.lat),
            lon: action.location.map(|location| location.lon),
            location_index: action.location_index,
            received_at: rfc3339(sender.received_at),
            key_id: &sender.key_id,
        })
    };
    case.actions.iter().map(line).collect()
}

/// The line of the run sheet.
pub fn sheet(case: &Case, response: &Response, sender: &Sender) -> String {
    let totals = &response.totals;
    line(&SheetLine {
        kind: "run_sheet",
        agent_id: &case.agent_id,
        received_at: rfc3339(sender.received_at),
        key_id: &sender.key_id,
        request_id: sender.request_id.as_deref(),
        orders: response.orders,
        cost: response.routes[0].cost,
        status: response.proof.status,
        lower_bound: response.proof.lower_bound,
        travel: totals.travel,
        waiting: totals.waiting,
        lateness: totals.lateness,
        click_to_door: totals.click_to_door,
        departure: totals.departure,
        finish: totals.finish,
        elapsed_ms: response.elapsed_ms,
        stop_reason: response.stop_reason,
        steps: response.routes[0].steps.iter().map(StepLine::of).collect(),
    })
}

impl StepLine {
    fn of(step: &Step) -> Self {
        Self {
            kind: step.kind,
            id: step.id,
            arrival: step.arrival,
            waiting_time: step.waiting_time,
            delay: step.violations.iter().find_map(|violation| violation.duration),
        }
    }
}

/// Of a struct of texts and numbers, which always is JSON.
fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn rfc3339(instant: Timestamp) -> String {
    format!("{instant:.3}")
}
