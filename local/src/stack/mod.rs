//! The whole stack: what the template describes, started, served and stopped.

mod admin;
mod drain;
mod error;
mod gateway;
mod lock;
mod options;
mod parameters;

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::console::note;
use crate::faults::Faults;
use crate::firehose::Firehose;
use crate::lambda::event_source::EventSource;
use crate::lambda::http_api::Routes;
use crate::lambda::{Lambda, Settings, build};
use crate::sqs::{Sqs, SqsSettings};
use crate::{aws_api, template};

pub use drain::Leftover;
pub use error::StackError;
pub use options::Options;

use gateway::Gateway;

/// Account of every ARN and queue URL; not a real one, so that a mistyped
/// endpoint cannot reach somebody's queue.
const ACCOUNT_ID: &str = "000000000000";

/// The stack, before it runs.
pub struct Stack;

/// A running stack. Dropping it kills its functions; [`Running::stop`] drains first.
pub struct Running {
    address: SocketAddr,
    lambda: Lambda,
    sqs: Sqs,
    firehose: Firehose,
    gateway: Arc<Gateway>,
    sources: Vec<EventSource>,
    server: JoinHandle<()>,
    _lock: File,
}

impl Stack {
    /// Builds the functions, starts everything and waits until it is warm.
    pub async fn start(options: Options) -> Result<Running, StackError> {
        let lock = lock::take(&options.data_dir)?;
        let listener = bind(options.port).await?;
        let address = listener.local_addr().map_err(StackError::Listen)?;
        let template = parameters::load(&options, &format!("http://{address}"), ACCOUNT_ID)?;
        for line in &template.notes {
            note(line);
        }
        let routes = Routes::new(&template.functions)?;
        let executables = build(&options, template.functions.clone()).await?;

        let faults = Faults::default();
        faults.set(options.faults.clone())?;
        let (sqs, firehose) = services(&options, &template, address, &faults)?;
        let functions = template.functions.iter().cloned().zip(executables).collect();
        let lambda = Lambda::new(functions, settings(&options, address), faults.clone())?;
        let gateway = Arc::new(Gateway {
            aws: aws_api::router(sqs.clone(), firehose.clone()),
            lambda: lambda.clone(),
            routes,
            sqs: sqs.clone(),
            firehose: firehose.clone(),
            faults,
            traffic: gateway::Traffic::default(),
        });
        let mut running = Running {
            address,
            server: tokio::spawn(gateway::serve(listener, Arc::clone(&gateway))),
            sources: Vec::new(),
            _lock: lock,
            gateway,
            lambda,
            sqs,
            firehose,
        };
        running.lambda.warm().await?;
        running.sources = sources(&template, &running.lambda, &running.sqs);
        report(&template, &options);
        Ok(running)
    }
}

impl Running {
    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The functions.
    pub fn lambda(&self) -> &Lambda {
        &self.lambda
    }

    /// The queues.
    pub fn sqs(&self) -> &Sqs {
        &self.sqs
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
        for source in &self.sources {
            source.stop();
        }
        self.lambda.close();
    }
}

async fn bind(port: u16) -> Result<TcpListener, StackError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => StackError::PortInUse(port),
            _ => StackError::Listen(error),
        })
}

async fn build(
    options: &Options,
    functions: Vec<template::Function>,
) -> Result<Vec<std::path::PathBuf>, StackError> {
    let (template, build) = (options.template.clone(), options.build);
    tokio::task::spawn_blocking(move || build::executables(&template, &functions, build))
        .await
        .map_err(|_| StackError::Interrupted)?
        .map_err(StackError::from)
}

fn services(
    options: &Options,
    template: &template::Stack,
    address: SocketAddr,
    faults: &Faults,
) -> Result<(Sqs, Firehose), StackError> {
    let folder = |name: &str| -> Result<_, StackError> {
        let folder = options.data_dir.join(name);
        create(&folder)?;
        Ok(folder)
    };
    let settings = SqsSettings {
        endpoint: format!("http://{address}"),
        account_id: ACCOUNT_ID.to_owned(),
        region: options.region.clone(),
    };
    let sqs = Sqs::open(&folder("sqs")?, settings, faults.clone())?;
    for queue in &template.queues {
        sqs.create_queue(queue)?;
    }
    let firehose = Firehose::open(&folder("firehose")?, faults.clone())?;
    for stream in &template.streams {
        firehose.create_stream(stream)?;
    }
    Ok((sqs, firehose))
}

fn create(folder: &Path) -> Result<(), StackError> {
    std::fs::create_dir_all(folder).map_err(|error| StackError::DataDir(folder.to_owned(), error))
}

fn settings(options: &Options, address: SocketAddr) -> Settings {
    Settings {
        region: options.region.clone(),
        account_id: ACCOUNT_ID.to_owned(),
        max_environments: options.max_environments,
        init_limit: options.init_limit,
        idle_limit: options.idle_limit,
        ..Settings::new(address, options.data_dir.join("logs"))
    }
}

fn sources(template: &template::Stack, lambda: &Lambda, sqs: &Sqs) -> Vec<EventSource> {
    let all = template.functions.iter().enumerate();
    all.flat_map(|(index, function)| function.queue_sources.iter().map(move |source| (index, source)))
        .map(|(index, source)| {
            let queue = template.queues.iter().find(|queue| queue.name == source.queue);
            let visibility = queue.map_or_else(Default::default, |queue| queue.visibility_timeout);
            EventSource::start(lambda.clone(), index, sqs.clone(), source.clone(), visibility)
        })
        .collect()
}

fn report(template: &template::Stack, options: &Options) {
    for function in &template.functions {
        let routes = function.routes.iter().map(|route| match route.path.as_str() {
            "$default" => "$default".to_owned(),
            path => format!("{} {path}", route.method),
        });
        let queues = function
            .queue_sources
            .iter()
            .map(|source| format!("queue {}", source.queue));
        let by: Vec<String> = routes.chain(queues).collect();
        if by.is_empty() {
            note(format!("{}: only invoked directly", function.logical_id));
            continue;
        }
        note(format!("{} ← {}", function.logical_id, by.join(", ")));
    }
    note(format!("data and logs in {}", options.data_dir.display()));
    note(format!("API key: {}", options.api_key));
}
