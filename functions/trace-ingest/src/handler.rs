//! One request, from the key to the answer.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use lambda_http::{Body, Context, Request, RequestExt, Response};
use shared::{
    auth::KeyRing,
    body::{self, BodyLimits},
    entry::{EntryError, allow},
    lines::LineQueue,
    metrics::Metrics,
    problem::Problem,
    time_left,
    trace_context::TraceContext,
};

use crate::{
    answer,
    config::Config,
    dialect::{self, Batch, Rejected, Sender},
    error::IngestError,
    log::{self, Facts},
    metrics,
    newest::{Guarded, NewestPositions, Outcome},
    value::Received,
};

/// Kept free of the function's time to write the answer.
const ANSWER_MARGIN: Duration = Duration::from_millis(500);

/// The function, pure of AWS and of the clock.
#[derive(Debug)]
pub struct Ingest<Q, N> {
    keys: KeyRing,
    limits: BodyLimits,
    enqueue_budget: Duration,
    queue: Q,
    newest: Guarded<N>,
    now: fn() -> Timestamp,
    metrics: Metrics,
}

impl<Q: LineQueue, N: NewestPositions> Ingest<Q, N> {
    /// Puts the function together.
    pub fn new(
        config: &Config,
        queue: Q,
        newest: Option<N>,
        now: fn() -> Timestamp,
        metrics: Metrics,
    ) -> Self {
        Self {
            keys: config.keys.clone(),
            limits: config.limits,
            enqueue_budget: config.enqueue_budget,
            queue,
            newest: Guarded::new(newest, config.valkey_budget),
            now,
            metrics,
        }
    }

    /// Answers a request; whatever goes wrong is an answer too. Logs once, and writes
    /// its metrics, before the answer.
    pub async fn handle(&self, request: Request) -> Response<Body> {
        let trace = TraceContext::of_request(request.headers(), request.lambda_context_ref());
        trace.follow(self.answer(&request, &trace)).await
    }

    async fn answer(&self, request: &Request, trace: &TraceContext) -> Response<Body> {
        let began = Instant::now();
        let mut facts = Facts::default();
        let result = self.route(request, trace, &mut facts).await;
        log::write(&facts, result.as_ref());
        metrics::record(&self.metrics, &facts, result.as_ref(), began.elapsed());
        let answer = result.unwrap_or_else(|error| Problem::from(&error).into_response());
        self.metrics
            .count_failures(usize::from(answer.status().is_server_error()));
        answer
    }

    /// By the path's end: a stage or a base path mapping may stand before it.
    async fn route(
        &self,
        request: &Request,
        trace: &TraceContext,
        facts: &mut Facts,
    ) -> Result<Response<Body>, IngestError> {
        let path = request.uri().path();
        if path.ends_with("/data/agents/traces") {
            allow(request.method(), "POST")?;
            return self.traces(request, trace, facts).await;
        }
        if path.ends_with("/health") {
            allow(request.method(), "GET")?;
            facts.is_health_check = true;
            return Ok(answer::healthy());
        }
        Err(IngestError::NotFound)
    }

    async fn traces(
        &self,
        request: &Request,
        trace: &TraceContext,
        facts: &mut Facts,
    ) -> Result<Response<Body>, IngestError> {
        let key_id = self.keys.authenticate(request.headers());
        let key_id = key_id.map_err(EntryError::from)?.to_owned();
        let received = Received::at((self.now)());
        facts.bytes = request.body().len();
        let body = body::unpack(request.headers(), request.body(), self.limits)?;
        let mut batch = dialect::parse(&body, &Sender::new(key_id, received, request.headers()))?;
        facts.items = batch.items();
        facts.rejected = batch.rejected.iter().map(Rejected::loggable).collect();
        facts.ignored = batch.ignored;
        self.store(&mut batch, (request.lambda_context_ref(), trace), facts)
            .await?;
        facts.accepted = batch.lines.len();
        answer::stored(batch)
    }

    /// Writes the queue and the newest positions side by side; only the queue
    /// decides.
    async fn store(
        &self,
        batch: &mut Batch,
        (context, trace): (Option<&Context>, &TraceContext),
        facts: &mut Facts,
    ) -> Result<(), IngestError> {
        if batch.lines.is_empty() {
            return Ok(());
        }
        let positions = std::mem::take(&mut batch.positions);
        let began = Instant::now();
        let enqueue = async {
            let stored = self
                .queue
                .enqueue(&batch.lines, trace, self.budget(context))
                .await;
            (stored, began.elapsed())
        };
        let update = async { (self.newest.update(positions).await, began.elapsed()) };
        let ((stored, queue), (newest, valkey)) = tokio::join!(enqueue, update);
        facts.queue = Some(queue);
        facts.newest = Some(newest);
        facts.valkey = (!matches!(newest, Outcome::Off | Outcome::Paused)).then_some(valkey);
        stored.map_err(|unstored| IngestError::NotStored {
            total: batch.lines.len(),
            missing: unstored
                .lines
                .into_iter()
                .map(|line| batch.indices[line])
                .collect(),
            code: unstored.code,
        })
    }

    /// What is left of the invocation, but no more than configured.
    fn budget(&self, context: Option<&Context>) -> Duration {
        let context = context.filter(|context| context.deadline > 0);
        context.map_or(self.enqueue_budget, |context| {
            let left = time_left(context).saturating_sub(ANSWER_MARGIN);
            self.enqueue_budget.min(left)
        })
    }
}
