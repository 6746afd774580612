//! The whole stack: what the template describes, started, served and stopped.

mod admin;
mod aws;
mod drain;
mod error;
mod gateway;
mod lock;
mod options;
mod parameters;
mod parts;
mod report;
#[cfg(test)]
mod tests;
mod visitor;

use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::aws_api;
use crate::console::note;
use crate::faults::{FaultError, FaultSettings, Faults};
use crate::firehose::Firehose;
use crate::lambda::Lambda;
use crate::lambda::event_source::EventSource;
use crate::lambda::http_api::Routes;
use crate::live::{Lessons, Live};
use crate::page::Console;
use crate::sqs::Sqs;
use crate::template;

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
    showing: JoinHandle<()>,
    _lock: File,
}

impl Stack {
    /// Builds the functions, starts everything and waits until it is warm.
    pub async fn start(options: Options) -> Result<Running, StackError> {
        // Before anything is made: not every folder is one to leave data in.
        template::check_readable(&options.template)?;
        let lock = lock::take(&options.data_dir)?;
        parts::end_orphans(&options.data_dir)?;
        let listener = parts::bind(options.port).await?;
        let address = listener
            .local_addr()
            .map_err(|error| StackError::Listen(options.port, error))?;
        let loaded = parameters::load(&options, &format!("http://{address}"), ACCOUNT_ID)?;
        let parameters::Loaded { template, tables } = loaded;
        for line in &template.notes {
            note(line);
        }
        let routes = Routes::new(&template.functions)?;
        // Before the build, which may take minutes.
        if let Some(tables) = &tables {
            tables.open().await?.close().await;
        }
        let executables = parts::build(&options, template.functions.clone()).await?;

        let faults = Faults::default();
        faults.set(options.faults.clone())?;
        let (sqs, sns, firehose) = parts::services(&options, &template, address, &faults)?;
        let functions = template.functions.iter().cloned().zip(executables).collect();
        let live = Live::default();
        firehose.show_to(live.clone());
        let settings = parts::settings(&options, address);
        let log_dir = settings.log_dir.clone();
        let lambda = Lambda::new(functions, settings, faults.clone(), &live)?;
        let gateway = Arc::new(Gateway {
            aws: aws_api::router(sqs.clone(), sns.clone(), firehose.clone()),
            lambda: lambda.clone(),
            routes,
            sqs: sqs.clone(),
            sns,
            firehose: firehose.clone(),
            scheduler: parts::scheduler(&options, &template, &lambda, &faults),
            tables: tables.as_ref().map(ToString::to_string),
            faults,
            traffic: gateway::Traffic::default(),
            console: Console::new(live.clone(), tables.clone().map(Lessons::of), log_dir),
            live,
        });
        let mut running = Running {
            address,
            server: tokio::spawn(gateway::serve(listener, Arc::clone(&gateway))),
            showing: tokio::spawn(show(Arc::clone(&gateway))),
            sources: Vec::new(),
            _lock: lock,
            gateway,
            lambda,
            sqs,
            firehose,
        };
        running.lambda.warm().await?;
        if options.triggers {
            running.gateway.scheduler.start();
            running.sources = parts::sources(&template, &running.lambda, &running.sqs);
            let waiting = |queue: &str| running.sqs.depth(queue).map_or(0, |depth| depth.visible);
            for line in report::lines(&template, &options, tables.as_ref(), waiting) {
                note(line);
            }
            note(format!("console: {}/_console", running.url()));
        }
        Ok(running)
    }
}

/// Tells the console's pages what is new.
async fn show(gateway: Arc<Gateway>) {
    let shown = gateway.console.run(|| admin::surroundings(&gateway));
    tokio::join!(shown, gateway.console.look());
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

    /// Changes what goes wrong on purpose, all settings at once.
    pub fn set_faults(&self, settings: FaultSettings) -> Result<(), FaultError> {
        self.gateway.faults.set(settings)
    }

    /// The queues.
    pub fn sqs(&self) -> &Sqs {
        &self.sqs
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
        self.showing.abort();
        self.gateway.console.close();
        self.gateway.scheduler.stop();
        for source in &self.sources {
            source.stop();
        }
        self.lambda.close();
    }
}
