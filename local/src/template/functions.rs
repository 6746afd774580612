//! `AWS::Serverless::Function` and its events.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::error::TemplateError;
use super::model::Function;
use super::notes::Notes;
use super::place::Place;
use super::routes::route;
use super::schedules;
use super::sources::queue_source;

const READ: [&str; 13] = [
    "CodeUri",
    "Environment",
    "EventInvokeConfig",
    "Events",
    "FunctionName",
    "LoggingConfig",
    "MemorySize",
    "PackageType",
    "ProvisionedConcurrencyConfig",
    "ReservedConcurrentExecutions",
    "Runtime",
    "Timeout",
    "Handler",
];
/// How it is described, deployed, permitted, encrypted, connected and traced on
/// AWS. Its processor is that of this machine.
const HARMLESS: [&str; 22] = [
    "Architectures",
    "AssumeRolePolicyDocument",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "AutoPublishCodeSha256",
    "CodeSigningConfigArn",
    "DeploymentPreference",
    "Description",
    "KmsKeyArn",
    "PermissionsBoundary",
    "Policies",
    "PropagateTags",
    "PublishToLatestPublished",
    "Role",
    "RolePath",
    "RuntimeManagementConfig",
    "SourceKMSKeyArn",
    "Tags",
    "Tracing",
    "VersionDeletionPolicy",
    "VersionDescription",
    "VpcConfig",
];

/// Limits and defaults are those of Lambda's `CreateFunction`. `None`, with a
/// note, for a function that is not a compiled `bootstrap`.
pub(super) fn function(
    logical_id: &str,
    name: String,
    properties: &Place,
    folder: &Path,
    notes: &mut Notes,
) -> Result<Option<Function>, TemplateError> {
    if properties.string_if_any("PackageType")?.as_deref() == Some("Image") {
        notes.function(logical_id, "a container image");
        return Ok(None);
    }
    let runtime = properties.require("Runtime")?.string()?;
    if !runtime.starts_with("provided.") {
        notes.function(logical_id, &format!("runtime {runtime}"));
        return Ok(None);
    }
    note_others(properties, notes)?;
    let timeout = properties.integer_or("Timeout", 1..=900, 3)?;
    let max_age = properties.integer_or("EventInvokeConfig.MaximumEventAgeInSeconds", 60..=21_600, 21_600)?;
    let mut function = Function {
        logical_id: logical_id.into(),
        name,
        code: folder.join(code_uri(properties)?),
        memory_mb: properties.integer_or("MemorySize", 128..=10_240, 128)?,
        timeout: Duration::from_secs(timeout.into()),
        environment: environment(properties)?,
        reserved_concurrency: properties.integer_if_any("ReservedConcurrentExecutions", 0..=u32::MAX)?,
        provisioned_concurrency: properties.integer_if_any(
            "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions",
            1..=u32::MAX,
        )?,
        event_retries: properties.integer_or("EventInvokeConfig.MaximumRetryAttempts", 0..=2, 2)?,
        event_max_age: Duration::from_secs(max_age.into()),
        log_format: properties.string_if_any("LoggingConfig.LogFormat")?,
        log_level: properties.string_if_any("LoggingConfig.ApplicationLogLevel")?,
        routes: Vec::new(),
        queue_sources: Vec::new(),
        schedules: Vec::new(),
    };
    if let Some(events) = properties.get("Events")? {
        for (id, event) in events.entries()? {
            add_event(&mut function, &id, &event, notes)?;
        }
    }
    Ok(Some(function))
}

fn note_others(properties: &Place, notes: &mut Notes) -> Result<(), TemplateError> {
    notes.others(properties, &READ, &HARMLESS);
    notes.others_in(properties, "Environment", &["Variables"], &[])?;
    let logging = ["LogFormat", "ApplicationLogLevel"];
    notes.others_in(
        properties,
        "LoggingConfig",
        &logging,
        &["LogGroup", "SystemLogLevel"],
    )?;
    let events = ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"];
    notes.others_in(properties, "EventInvokeConfig", &events, &[])?;
    let provisioned = ["ProvisionedConcurrentExecutions"];
    notes.others_in(properties, "ProvisionedConcurrencyConfig", &provisioned, &[])
}

fn code_uri(properties: &Place) -> Result<String, TemplateError> {
    let place = properties.require("CodeUri")?;
    let uri = place.string()?;
    match uri.contains("://") {
        true => Err(place.refused("a local folder that holds `bootstrap`")),
        false => Ok(uri),
    }
}

fn environment(properties: &Place) -> Result<BTreeMap<String, String>, TemplateError> {
    let Some(variables) = properties.get("Environment.Variables")? else {
        return Ok(BTreeMap::new());
    };
    let entries = variables.entries()?.into_iter();
    entries.map(|(name, place)| Ok((name, place.string()?))).collect()
}

fn add_event(
    function: &mut Function,
    id: &str,
    event: &Place,
    notes: &mut Notes,
) -> Result<(), TemplateError> {
    match event.require("Type")?.string()?.as_str() {
        "HttpApi" => function.routes.push(route(event, notes)?),
        "SQS" => {
            let properties = event.require("Properties")?;
            function
                .queue_sources
                .extend(queue_source(&properties, "Queue", notes)?);
        }
        kind @ ("ScheduleV2" | "Schedule") => {
            let properties = event.require("Properties")?;
            // The one that SAM gives it.
            let name = format!("{}{id}", function.logical_id);
            function.schedules.extend(match kind {
                "Schedule" => schedules::rule(name, &properties, notes)?,
                _ => schedules::event(name, &properties, notes)?,
            });
        }
        other => notes.event(&function.logical_id, id, other),
    }
    Ok(())
}
