//! The parts of a stack, each made from the options and the template.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use tokio::net::TcpListener;

use super::{ACCOUNT_ID, Options, StackError};
use crate::console::note;
use crate::faults::Faults;
use crate::firehose::{Firehose, FirehoseSettings};
use crate::lambda::event_source::EventSource;
use crate::lambda::{self, Lambda, Settings, build};
use crate::scheduler::{Clock, Names, Scheduled, Scheduler};
use crate::sns::{Sns, SnsSettings};
use crate::sqs::{Sqs, SqsSettings};
use crate::template;

pub(super) async fn bind(port: u16) -> Result<TcpListener, StackError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => StackError::PortInUse(port),
            _ => StackError::Listen(port, error),
        })
}

pub(super) async fn build(
    options: &Options,
    functions: Vec<template::Function>,
) -> Result<Vec<PathBuf>, StackError> {
    let (template, build) = (options.template.clone(), options.build);
    tokio::task::spawn_blocking(move || build::executables(&template, &functions, build))
        .await
        .map_err(|_| StackError::Interrupted)?
        .map_err(StackError::from)
}

pub(super) fn services(
    options: &Options,
    template: &template::Stack,
    address: SocketAddr,
    faults: &Faults,
) -> Result<(Sqs, Sns, Firehose), StackError> {
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
    let settings = SnsSettings {
        account_id: ACCOUNT_ID.to_owned(),
        region: options.region.clone(),
    };
    let sns = Sns::open(&folder("sns")?, settings, faults.clone())?;
    for topic in &template.topics {
        sns.create_topic(topic)?;
    }
    let settings = FirehoseSettings {
        account_id: ACCOUNT_ID.to_owned(),
        region: options.region.clone(),
    };
    let firehose = Firehose::open(&folder("firehose")?, settings, faults.clone())?;
    for stream in &template.streams {
        firehose.create_stream(stream)?;
    }
    Ok((sqs, sns, firehose))
}

/// Ends what a killed stack left running on this data directory.
pub(super) fn end_orphans(data_dir: &Path) -> Result<(), StackError> {
    let folder = lambda::children_dir(data_dir);
    let ended = lambda::end_orphans(&folder).map_err(|error| StackError::DataDir(folder, error))?;
    if ended > 0 {
        note(format!("ended what the last stack had left running: {ended}"));
    }
    Ok(())
}

fn create(folder: &Path) -> Result<(), StackError> {
    std::fs::create_dir_all(folder).map_err(|error| StackError::DataDir(folder.to_owned(), error))
}

pub(super) fn settings(options: &Options, address: SocketAddr) -> Settings {
    Settings {
        region: options.region.clone(),
        account_id: ACCOUNT_ID.to_owned(),
        max_environments: options.max_environments,
        init_limit: options.init_limit,
        idle_limit: options.idle_limit,
        ..Settings::new(address, &options.data_dir)
    }
}

/// Every schedule, in front of its function.
pub(super) fn scheduler(
    options: &Options,
    template: &template::Stack,
    lambda: &Lambda,
    faults: &Faults,
) -> Scheduler {
    let functions = template.functions.iter().enumerate();
    let schedules = functions.flat_map(|(index, function)| {
        function.schedules.iter().map(move |schedule| Scheduled {
            function: index,
            function_name: function.logical_id.clone(),
            schedule: schedule.clone(),
        })
    });
    let names = Names {
        account_id: ACCOUNT_ID.to_owned(),
        region: options.region.clone(),
    };
    let lambda = lambda.clone();
    Scheduler::new(
        schedules.collect(),
        names,
        Clock::system(),
        faults.clone(),
        move |function, payload| lambda.trigger(function, payload),
    )
}

pub(super) fn sources(template: &template::Stack, lambda: &Lambda, sqs: &Sqs) -> Vec<EventSource> {
    let all = template.functions.iter().enumerate();
    all.flat_map(|(index, function)| function.queue_sources.iter().map(move |source| (index, source)))
        .filter_map(|(index, source)| {
            // The template's own check has found each of them.
            let queue = template.queues.iter().find(|queue| queue.name == source.queue)?;
            Some(EventSource::start(
                lambda.clone(),
                index,
                sqs.clone(),
                source.clone(),
                queue,
            ))
        })
        .collect()
}
