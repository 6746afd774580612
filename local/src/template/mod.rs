//! Reads a SAM template into what the local stack runs.
//!
//! YAML becomes a tree ([`yaml`]), names in it get their meaning ([`scope`]:
//! parameters, conditions, globals, resources), properties are read one at a
//! time with their path ([`place`]), and each kind of resource has a module
//! that turns it into the [`model`]. Functions are evaluated lazily: what only
//! AWS reads may be anything.

mod apis;
mod attributes;
mod conditions;
mod error;
mod functions;
mod globals;
mod implied;
mod intrinsics;
mod links;
mod lists;
mod model;
mod notes;
mod parameter_rules;
mod parameters;
mod place;
mod queues;
mod resources;
mod routes;
mod schedule_values;
mod schedules;
mod scope;
mod sources;
mod streams;
mod substitution;
#[cfg(test)]
mod tests;
mod topics;
mod values;
pub mod yaml;

use std::collections::BTreeMap;
use std::path::Path;

pub use error::TemplateError;
pub use model::{
    DeliveryStream, Function, Queue, QueueSource, Redrive, Route, Schedule, ScheduleKind, Stack, Topic,
};

use scope::Scope;

/// What the template cannot say about the place where it runs.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `AWS::Region`.
    pub region: String,
    /// `AWS::AccountId`.
    pub account_id: String,
    /// Where the local services answer, such as `http://127.0.0.1:3000`; queue
    /// URLs start with it.
    pub endpoint: String,
    /// Values for the template's parameters, before their defaults.
    pub parameters: BTreeMap<String, String>,
}

/// Whether there is a template at all, for those who want to know first.
///
/// # Errors
/// [`TemplateError::Read`], when there is no file that can be read.
pub fn check_readable(path: &Path) -> Result<(), TemplateError> {
    std::fs::File::open(path).map(drop).map_err(unreadable(path))
}

fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> TemplateError {
    let file = path.into();
    |error| TemplateError::Read { file, error }
}

/// Reads a template.
///
/// # Errors
/// In one line, with file and property path, whatever keeps the functions,
/// schedules, queues, topics and streams of the template from running here.
pub fn load(path: &Path, settings: &Settings) -> Result<Stack, TemplateError> {
    let text = std::fs::read_to_string(path).map_err(unreadable(path))?;
    let file = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    let folder = path.parent().unwrap_or(Path::new(""));
    let template = match yaml::parse(&text) {
        Ok(template) => template,
        Err(message) => return Err(TemplateError::Syntax { file, message }),
    };
    resources::read(&Scope::new(template, file, settings)?, folder)
}
