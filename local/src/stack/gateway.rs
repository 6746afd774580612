//! The one port: who answers a request, decided by its path.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::handler::HandlerWithoutStateExt as _;
use axum::response::Response;
use axum::serve::ListenerExt as _;
use http::Request;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use super::{admin, aws, visitor};
use crate::faults::Faults;
use crate::firehose::Firehose;
use crate::lambda::http_api::{self, Routes};
use crate::lambda::{Lambda, invoke_api, runtime_api};
use crate::live::Live;
use crate::page::{self, Console};
use crate::scheduler::Scheduler;
use crate::sns::Sns;
use crate::sqs::Sqs;

pub(super) struct Gateway {
    pub lambda: Lambda,
    pub routes: Routes,
    pub aws: Router,
    pub sqs: Sqs,
    pub sns: Sns,
    pub firehose: Firehose,
    pub scheduler: Scheduler,
    pub faults: Faults,
    /// Where the lesson tables are, as it may be shown.
    pub tables: Option<String>,
    pub traffic: Traffic,
    pub live: Live,
    pub console: Console,
}

/// Requests from outside: how many run, and whether new ones are let in.
#[derive(Default)]
pub(super) struct Traffic {
    running: AtomicUsize,
    closed: AtomicBool,
}

/// Serves every connection until the task is dropped.
pub(super) async fn serve(listener: TcpListener, gateway: Arc<Gateway>) {
    // An answer is small: Nagle would hold it back for the client's delayed ACK.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let handler = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request<Body>| {
        let gateway = Arc::clone(&gateway);
        async move { dispatch(&gateway, peer, request).await }
    };
    // Its error type says it: this never returns.
    let service = handler.into_make_service_with_connect_info::<SocketAddr>();
    let _ = axum::serve(listener, service).await;
}

/// Runtime API first: it has two of every three requests. The AWS services
/// share `POST /` and `POST /{account}/{queue}` with the template's routes and
/// are told apart by what their protocols demand: a header, or a form.
async fn dispatch(gateway: &Arc<Gateway>, peer: SocketAddr, request: Request<Body>) -> Response {
    let path = request.uri().path();
    if path.starts_with(runtime_api::PREFIX) {
        return runtime_api::handle(&gateway.lambda, request).await;
    }
    if aws::is_call(&request) {
        return call(gateway, request).await;
    }
    let is_routed = || gateway.routes.has(request.method(), path);
    if aws::is_sns(&request, is_routed) {
        // A form needs no leave of the browser, as a header does.
        return match visitor::refusal(request.headers()) {
            Some(refusal) => refusal,
            None => call(gateway, request).await,
        };
    }
    let (invokes, administers, shows) = (
        path.starts_with(invoke_api::PREFIX),
        path.starts_with(admin::PREFIX),
        page::is_for(path),
    );
    let refusal = match invokes || administers || shows {
        true => visitor::refusal(request.headers()),
        false => aws::refusal(request.headers()),
    };
    if let Some(refusal) = refusal {
        return refusal;
    }
    if shows {
        let shown = Arc::clone(gateway);
        let (parts, _) = request.into_parts();
        return gateway
            .console
            .handle(&parts.method, &parts.uri, move || admin::surroundings(&shown))
            .await;
    }
    if administers {
        return admin::handle(gateway, request).await;
    }
    let entered = gateway.traffic.enter();
    if invokes {
        // A function that drains may need another's answer: only what would
        // run after the stop is refused.
        return invoke_api::handle(&gateway.lambda, request, entered.is_some()).await;
    }
    match entered {
        Some(_running) => http_api::handle(&gateway.lambda, &gateway.routes, peer, request).await,
        None => http_api::unavailable(),
    }
}

async fn call(gateway: &Gateway, request: Request<Body>) -> Response {
    match gateway.aws.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

impl Traffic {
    fn enter(&self) -> Option<Entered<'_>> {
        // Counted before the look at `closed`, so that whoever closes and then
        // sees zero has seen everyone.
        self.running.fetch_add(1, Ordering::SeqCst);
        let entered = Entered(self);
        (!self.closed.load(Ordering::SeqCst)).then_some(entered)
    }

    /// New requests get a 503 from now on.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Requests that still run.
    pub fn running(&self) -> usize {
        self.running.load(Ordering::SeqCst)
    }
}

struct Entered<'a>(&'a Traffic);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}
