//! What names in a template stand for: parameters, pseudo parameters,
//! conditions and resources.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::TemplateError;
use super::parameters::{self, Parameter};
use super::{Settings, globals};

/// What the local stack is called in `AWS::StackName`, as in samconfig.toml.
const STACK_NAME: &str = "punctual";

/// The end of `AWS::StackId`.
const STACK_UUID: &str = "00000000-0000-0000-0000-000000000000";

/// One template with the settings that it is read with.
pub(super) struct Scope<'a> {
    pub(super) settings: &'a Settings,
    /// File name that starts every message.
    pub(super) file: String,
    pub(super) mappings: Value,
    pub(super) conditions: Map<String, Value>,
    pub(super) resources: Map<String, Value>,
    parameters: BTreeMap<String, Parameter>,
    /// What is being worked out right now, to notice what depends on itself.
    open: RefCell<Vec<String>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(
        mut template: Value,
        file: String,
        settings: &'a Settings,
    ) -> Result<Self, TemplateError> {
        let mut section = |name: &str| match template.get_mut(name).map(Value::take) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(section)) => Ok(section),
            Some(other) => Err(TemplateError::WrongType {
                at: format!("{file}: {name}"),
                expected: "a map".into(),
                found: type_of(&other),
            }),
        };
        let parameters = parameters::read(&section("Parameters")?, &settings.parameters, &file)?;
        let mut resources = section("Resources")?;
        if resources.is_empty() {
            return Err(TemplateError::Missing {
                at: format!("{file}: Resources"),
            });
        }
        globals::apply(&section("Globals")?.into(), &mut resources);
        Ok(Self {
            settings,
            mappings: section("Mappings")?.into(),
            conditions: section("Conditions")?,
            resources,
            parameters,
            open: RefCell::default(),
            file,
        })
    }

    /// What `Ref` of the name gives; `None` for `AWS::NoValue`.
    pub(super) fn reference(&self, name: &str, at: &str) -> Result<Option<Value>, TemplateError> {
        let (region, account) = (&self.settings.region, &self.settings.account_id);
        let pseudo = match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::Region" => region,
            "AWS::AccountId" => account,
            "AWS::Partition" => "aws",
            "AWS::URLSuffix" => "amazonaws.com",
            "AWS::StackName" => STACK_NAME,
            // There is none to look up; whoever takes it apart finds its parts.
            "AWS::StackId" => {
                &format!("arn:aws:cloudformation:{region}:{account}:stack/{STACK_NAME}/{STACK_UUID}")
            }
            _ => return self.parameter_or_resource(name, at).map(Some),
        };
        Ok(Some(pseudo.into()))
    }

    fn parameter_or_resource(&self, name: &str, at: &str) -> Result<Value, TemplateError> {
        match self.parameters.get(name) {
            Some(Parameter::Value(value)) => Ok(value.clone()),
            Some(Parameter::Absent(reason)) => Err(TemplateError::NoValue {
                at: at.into(),
                name: name.into(),
                reason,
            }),
            None => match self.published(name, at)? {
                Some(arn) => Ok(arn),
                None => self.attribute(name, "Ref", at),
            },
        }
    }

    /// Works something out that others may refer to, unless that is already
    /// under way further up.
    pub(super) fn once<T>(
        &self,
        name: &str,
        at: &str,
        work: impl FnOnce() -> Result<T, TemplateError>,
    ) -> Result<T, TemplateError> {
        if self.open.borrow().iter().any(|open| open == at) {
            return Err(TemplateError::Circular {
                at: at.into(),
                name: name.into(),
            });
        }
        self.open.borrow_mut().push(at.into());
        let result = work();
        self.open.borrow_mut().pop();
        result
    }
}

/// A value's kind, for messages.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
}
