//! The template's parameters: defaults, overrides, and the rules they obey.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::TemplateError;
use super::intrinsics::text;
use super::parameter_rules::broken_rule;

/// What `!Ref` of a parameter gives.
pub(super) enum Parameter {
    /// A string, or a list of strings.
    Value(Value),
    /// Nothing, for this reason; an error only where it is used.
    Absent(&'static str),
}

const NO_DEFAULT: &str = "it has no default; give it a value when starting";
const FROM_SSM: &str = "its value is in SSM on AWS; give it a value when starting";

/// Reads all parameters. Values are checked here, absent ones where they are used.
pub(super) fn read(
    definitions: &Map<String, Value>,
    overrides: &BTreeMap<String, String>,
    file: &str,
) -> Result<BTreeMap<String, Parameter>, TemplateError> {
    if let Some(name) = overrides.keys().find(|name| !definitions.contains_key(*name)) {
        return Err(TemplateError::UndefinedParameter {
            file: file.into(),
            name: name.clone(),
        });
    }
    let mut parameters = BTreeMap::new();
    for (name, definition) in definitions {
        let kind = definition.get("Type").and_then(Value::as_str).unwrap_or("String");
        let from_ssm = kind.starts_with("AWS::SSM::Parameter::Value");
        // An SSM parameter's default is the name of the value, not the value.
        let default = definition.get("Default").filter(|_| !from_ssm).and_then(text);
        let parameter = match overrides.get(name).cloned().or(default) {
            Some(value) => {
                check(kind, definition, &value).map_err(|reason| TemplateError::Parameter {
                    file: file.into(),
                    name: name.clone(),
                    reason,
                })?;
                Parameter::Value(match is_list(kind) {
                    true => items(&value).map(Value::from).collect(),
                    false => value.into(),
                })
            }
            None if from_ssm => Parameter::Absent(FROM_SSM),
            None => Parameter::Absent(NO_DEFAULT),
        };
        parameters.insert(name.clone(), parameter);
    }
    Ok(parameters)
}

fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList" || kind.contains("List<")
}

fn items(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim)
}

fn check(kind: &str, definition: &Value, value: &str) -> Result<(), String> {
    let broken = match is_list(kind) {
        true => items(value).find_map(|item| broken_rule(kind, definition, item)),
        false => broken_rule(kind, definition, value),
    };
    let Some(rule) = broken else { return Ok(()) };
    let flag = definition.get("NoEcho").and_then(text);
    let shown = match flag.as_deref() {
        Some("true") => "the value".into(),
        _ => format!("`{value}`"),
    };
    Err(
        match definition.get("ConstraintDescription").and_then(Value::as_str) {
            Some(hint) => format!("{shown} {rule} ({hint})"),
            None => format!("{shown} {rule}"),
        },
    )
}
