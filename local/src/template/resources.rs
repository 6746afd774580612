//! Goes through the template's resources and links them.

use std::path::Path;

use serde_json::Value;

use super::apis::api;
use super::error::TemplateError;
use super::functions::function;
use super::links::{self, check_queues};
use super::model::Stack;
use super::notes::Notes;
use super::place::Place;
use super::queues::queue;
use super::schedules;
use super::scope::Scope;
use super::sources::queue_source;
use super::streams::stream;
use super::topics::topic;

/// Reads every resource that exists under the template's conditions.
pub(super) fn read(scope: &Scope, folder: &Path) -> Result<Stack, TemplateError> {
    let mut stack = Stack::default();
    let mut notes = Notes::default();
    let mut mappings = Vec::new();
    let mut scheduled = Vec::new();
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
            "AWS::SNS::Topic" => {
                stack
                    .topics
                    .push(topic(named("TopicName")?, &properties()?, &mut notes)?);
            }
            "AWS::KinesisFirehose::DeliveryStream" => {
                stack
                    .streams
                    .push(stream(named("DeliveryStreamName")?, &properties()?, &mut notes)?);
            }
            "AWS::Lambda::EventSourceMapping" => {
                let properties = properties()?;
                if let Some(source) = queue_source(&properties, "EventSourceArn", &mut notes)? {
                    mappings.push((properties.require("FunctionName")?, source));
                }
            }
            "AWS::Scheduler::Schedule" => {
                scheduled.extend(schedules::resource(named("Name")?, &properties()?, &mut notes)?);
            }
            "AWS::Serverless::HttpApi" => api(&properties()?, &mut notes),
            other => notes.resource(other),
        }
    }
    for (function, source) in mappings {
        links::function(&mut stack, &function)?.queue_sources.push(source);
    }
    for (function, schedule) in scheduled {
        links::function(&mut stack, &function)?.schedules.push(schedule);
    }
    check_queues(&scope.file, &stack)?;
    stack.notes = notes.lines();
    Ok(stack)
}
