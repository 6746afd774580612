//! One request, from the key to the answer.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use lambda_http::{Body, Request, RequestExt, Response as HttpResponse, http::StatusCode};
use shared::{
    answer,
    auth::KeyRing,
    body::{self, BodyLimits},
    entry::{EntryError, allow},
    lines::LineQueue,
    metrics::Metrics,
    problem::Problem,
    trace_context::TraceContext,
};

use crate::{
    case::Case,
    config::Config,
    error::ActionError,
    hindsight::Past,
    log::{self, Facts},
    metrics,
    plan::Plan,
    record::{self, Sender},
    recorder::Recorder,
    request,
    response::Response,
    search::{self, Solve},
    time::Timetable,
};

/// What Lambda carries of an answer is 6 MB, the envelope and its escapes included.
const MAX_ANSWER_BYTES: usize = 5_000_000;

/// The function, pure of AWS, of the clock and of the solver.
#[derive(Debug)]
pub struct Actions<Q> {
    keys: KeyRing,
    limits: BodyLimits,
    record_budget: Duration,
    memory: usize,
    queue: Q,
    solve: Solve,
    now: fn() -> Timestamp,
    metrics: Metrics,
}

impl<Q: LineQueue> Actions<Q> {
    /// Puts the function together.
    pub fn new(config: &Config, queue: Q, solve: Solve, now: fn() -> Timestamp, metrics: Metrics) -> Self {
        Self {
            keys: config.keys.clone(),
            limits: config.limits,
            record_budget: config.record_budget,
            memory: config.memory,
            queue,
            solve,
            now,
            metrics,
        }
    }

    /// Answers a request; whatever goes wrong is an answer too. Logs once, and writes
    /// its metrics, before the answer.
    pub async fn handle(&self, request: Request) -> HttpResponse<Body> {
        let trace = TraceContext::of_request(request.headers(), request.lambda_context_ref());
        trace.follow(self.answer(&request, &trace)).await
    }

    async fn answer(&self, request: &Request, trace: &TraceContext) -> HttpResponse<Body> {
        let began = Instant::now();
        let mut facts = Facts::default();
        let result = self.route(request, trace, &mut facts).await;
        log::write(&facts, result.as_ref());
        metrics::record(&self.metrics, &facts, result.as_ref().err(), began.elapsed());
        let answer = result.unwrap_or_else(|error| Problem::from(&error).into_response());
        let is_failure = answer.status().is_server_error() || facts.is_unrecorded();
        self.metrics.count_failures(usize::from(is_failure));
        answer
    }

    /// By the path's end: a stage or a base path mapping may stand before it.
    async fn route(
        &self,
        request: &Request,
        trace: &TraceContext,
        facts: &mut Facts,
    ) -> Result<HttpResponse<Body>, ActionError> {
        if !request.uri().path().ends_with("/data/agents/actions") {
            return Err(ActionError::NotFound);
        }
        allow(request.method(), "POST")?;
        let began = Instant::now();
        let context = request.lambda_context_ref();
        let timetable = Timetable::begin(context, self.record_budget);
        let key_id = self
            .keys
            .authenticate(request.headers())
            .map_err(EntryError::from)?;
        let sender = Sender {
            key_id: key_id.to_owned(),
            received_at: (self.now)(),
            request_id: context
                .map(|context| context.request_id.clone())
                .filter(|id| !id.is_empty()),
        };
        facts.bytes = request.body().len();
        let body = body::unpack(request.headers(), request.body(), self.limits)?;
        let case = Case::of(request::read(&body)?)?;
        let recorder = Recorder::new(&self.queue, trace, timetable);
        let response = self.sheet(case, &sender, &recorder, (timetable, began)).await?;
        facts.tell(&response);
        text(&response)
    }

    /// Searches while the actions are recorded.
    async fn sheet(
        &self,
        case: Case,
        sender: &Sender,
        recorder: &Recorder<'_, Q>,
        (timetable, began): (Timetable, Instant),
    ) -> Result<Response, ActionError> {
        let plan = Plan::of(&case)?;
        let past = Past::of(&case, &plan.problem.travel)?;
        let loading = began.elapsed();
        let options = run_sheet::Options {
            budget: timetable.search(case.options.budget()),
            seed: case.options.seed.unwrap_or_default(),
            memory: self.memory,
        };
        let (actions, solve) = (record::actions(&case, sender), self.solve);
        let found = search::beside(solve, &case, (plan, past), options, loading);
        let line = |found: &Result<Response, ActionError>| {
            let line = found
                .as_ref()
                .map(|response| record::sheet(&case, response, sender));
            line.into_iter().collect()
        };
        let (found, recorded) = recorder.around(actions, found, line).await;
        let mut response = found?;
        response.recorded = Some(recorded);
        Ok(response)
    }
}

/// The answer as it is sent.
pub(crate) fn text(response: &Response) -> Result<HttpResponse<Body>, ActionError> {
    let text = serde_json::to_string(response).map_err(|_| ActionError::SearchFailed)?;
    if text.len() > MAX_ANSWER_BYTES {
        return Err(ActionError::AnswerTooLarge(text.len()));
    }
    Ok(answer::json(StatusCode::OK, text))
}
