//! Connects what the resources say about each other, and checks that it fits.

use super::error::TemplateError;
use super::model::{QueueSource, Stack};
use super::place::Place;

/// Gives an event source mapping to its function, named or by ARN.
pub(super) fn attach(stack: &mut Stack, function: &Place, source: QueueSource) -> Result<(), TemplateError> {
    let given = function.string()?;
    let name = given.rsplit(':').next().unwrap_or(&given);
    match stack.functions.iter_mut().find(|function| function.name == name) {
        Some(function) => function.queue_sources.push(source),
        None => return Err(function.refused("a function of this template")),
    }
    Ok(())
}

/// Every queue that something reads from or moves to has to be one of ours, and
/// has to hide a message for as long as a function may work on it.
pub(super) fn check_queues(file: &str, stack: &Stack) -> Result<(), TemplateError> {
    let find = |user: String, name: &str| {
        let queue = stack.queues.iter().find(|queue| queue.name == name);
        queue.ok_or_else(|| TemplateError::Unknown {
            at: format!("{file}: {user}"),
            kind: "queue",
            name: name.into(),
        })
    };
    for function in &stack.functions {
        for source in &function.queue_sources {
            let user = format!("event source of {}", function.logical_id);
            let queue = find(user.clone(), &source.queue)?;
            if queue.visibility_timeout < function.timeout {
                return Err(TemplateError::VisibilityTooShort {
                    at: format!("{file}: {user}"),
                    queue: queue.name.clone(),
                    visibility_s: queue.visibility_timeout.as_secs(),
                    timeout_s: function.timeout.as_secs(),
                });
            }
        }
    }
    for queue in &stack.queues {
        if let Some(redrive) = &queue.redrive {
            find(
                format!("RedrivePolicy of {}", queue.name),
                &redrive.dead_letter_queue,
            )?;
        }
    }
    Ok(())
}
