//! Connects what the resources say about each other, and checks that it fits.

use super::error::TemplateError;
use super::model::{Function, Stack};
use super::place::Place;

/// The function that a resource is for: by name or ARN, with an alias or
/// version behind it or without.
pub(super) fn function<'a>(stack: &'a mut Stack, place: &Place) -> Result<&'a mut Function, TemplateError> {
    let given = place.string()?;
    let bare = given.rsplit(":function:").next().unwrap_or(&given);
    let name = bare.split(':').next().unwrap_or(bare);
    let found = stack.functions.iter_mut().find(|function| function.name == name);
    found.ok_or_else(|| place.refused("a function of this template"))
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
