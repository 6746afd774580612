//! Goes through the template's resources and links them.

use std::path::Path;

use serde_json::Value;

use super::error::TemplateError;
use super::functions::function;
use super::model::{QueueSource, Stack};
use super::notes::Notes;
use super::place::Place;
use super::queues::queue;
use super::scope::Scope;
use super::sources::queue_source;
use super::streams::stream;

const API_NOT_EMULATED: [&str; 6] = [
    "AccessLogSettings",
    "Auth",
    "CorsConfiguration",
    "DefaultRouteSettings",
    "DefinitionBody",
    "DefinitionUri",
];

/// Reads every resource that exists under the template's conditions.
pub(super) fn read(scope: &Scope, folder: &Path) -> Result<Stack, TemplateError> {
    let mut stack = Stack::default();
    let mut notes = Notes::default();
    let mut mappings = Vec::new();
    for (id, resource) in &scope.resources {
        let at = format!("{}: Resources.{id}", scope.file);
        if let Some(condition) = resource.get("Condition").and_then(Value::as_str)
            && !scope.condition(condition, &at)?
        {
            continue;
        }
        let Some(kind) = resource.get("Type").and_then(Value::as_str) else {
            return Err(TemplateError::Missing {
                at: format!("{at}.Type"),
            });
        };
        let named = |property| scope.physical_name(id, property);
        let raw = resource
            .get("Properties")
            .cloned()
            .unwrap_or_else(|| Value::Object(Default::default()));
        let properties = || {
            let at = format!("{at}.Properties");
            Place::new(scope, at.clone(), &raw)?.ok_or(TemplateError::Missing { at })
        };
        match kind {
            "AWS::Serverless::Function" => {
                let read = function(id, named("FunctionName")?, &properties()?, folder, &mut notes)?;
                stack.functions.extend(read);
            }
            "AWS::SQS::Queue" => {
                stack
                    .queues
                    .push(queue(named("QueueName")?, &properties()?, &mut notes)?);
            }
            "AWS::KinesisFirehose::DeliveryStream" => {
                stack
                    .streams
                    .push(stream(named("DeliveryStreamName")?, &properties()?)?);
            }
            "AWS::Lambda::EventSourceMapping" => {
                let properties = properties()?;
                if let Some(source) = queue_source(&properties, "EventSourceArn", &mut notes)? {
                    mappings.push((properties.require("FunctionName")?, source));
                }
            }
            "AWS::Serverless::HttpApi" => notes.properties(&properties()?, &API_NOT_EMULATED),
            other => notes.resource(other),
        }
    }
    for (function, source) in mappings {
        attach(&mut stack, &function, source)?;
    }
    check_queues(scope, &stack)?;
    stack.notes = notes.lines();
    Ok(stack)
}

/// Gives an event source mapping to its function, named or by ARN.
fn attach(stack: &mut Stack, function: &Place, source: QueueSource) -> Result<(), TemplateError> {
    let given = function.string()?;
    let name = given.rsplit(':').next().unwrap_or(&given);
    match stack.functions.iter_mut().find(|function| function.name == name) {
        Some(function) => function.queue_sources.push(source),
        None => return Err(function.refused("a function of this template")),
    }
    Ok(())
}

/// Every queue that something reads from or moves to has to be one of ours.
fn check_queues(scope: &Scope, stack: &Stack) -> Result<(), TemplateError> {
    let sources = stack.functions.iter().flat_map(|function| {
        let user = format!("event source of {}", function.logical_id);
        let sources = function.queue_sources.iter();
        sources.map(move |source| (user.clone(), &source.queue))
    });
    let redrives = stack.queues.iter().filter_map(|queue| {
        let redrive = queue.redrive.as_ref()?;
        Some((
            format!("RedrivePolicy of {}", queue.name),
            &redrive.dead_letter_queue,
        ))
    });
    let known = |name: &String| stack.queues.iter().any(|queue| queue.name == *name);
    match sources.chain(redrives).find(|(_, queue)| !known(queue)) {
        Some((user, queue)) => Err(TemplateError::Unknown {
            at: format!("{}: {user}", scope.file),
            kind: "queue",
            name: queue.clone(),
        }),
        None => Ok(()),
    }
}
