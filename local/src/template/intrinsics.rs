//! Evaluates intrinsic functions, outermost first and only as far as asked, so
//! that what nobody reads cannot fail.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::error::TemplateError;
use super::scope::Scope;

/// The function's long name and its argument, if the value is one.
pub(super) fn intrinsic(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (name, argument) = map.iter().next()?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name, argument))
}

/// A scalar as CloudFormation writes it where a string is wanted.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

impl Scope<'_> {
    /// The value with its outermost functions evaluated; those inside of a map
    /// or list stay. `None` is `AWS::NoValue`.
    pub(super) fn head(&self, value: &Value, at: &str) -> Result<Option<Value>, TemplateError> {
        let Some((function, argument)) = intrinsic(value) else {
            return Ok(Some(value.clone()));
        };
        let wrong = |expected| TemplateError::Arguments {
            at: at.into(),
            function: function.into(),
            expected,
        };
        match function {
            "Ref" => {
                let name = argument.as_str().ok_or_else(|| wrong("one name"))?;
                self.reference(name, at)
            }
            "Fn::If" => {
                let [Value::String(condition), yes, no] = list(argument) else {
                    return Err(wrong("[condition, value if true, value if false]"));
                };
                let branch = if self.condition(condition, at)? { yes } else { no };
                self.head(branch, at)
            }
            "Fn::GetAtt" => {
                let wrong = || wrong("resource and attribute");
                let (resource, attribute) = match (argument, list(argument)) {
                    // An attribute may have dots of its own, a logical id has none.
                    (Value::String(dotted), _) => {
                        let (resource, attribute) = dotted.split_once('.').ok_or_else(wrong)?;
                        (resource, attribute.to_owned())
                    }
                    (_, [Value::String(resource), attribute]) => {
                        let attribute = self.evaluated_text(attribute, at)?;
                        (resource.as_str(), attribute.ok_or_else(wrong)?)
                    }
                    _ => return Err(wrong()),
                };
                self.attribute(resource, &attribute, at).map(Some)
            }
            "Fn::Sub" => self.substitute(argument, at).map(|text| Some(text.into())),
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                self.test(value, at).map(|flag| Some(flag.into()))
            }
            "Fn::Base64" => self
                .evaluated_text(argument, at)?
                .map(|text| Some(STANDARD.encode(text).into()))
                .ok_or_else(|| wrong("a string")),
            "Fn::Join" => self.join(argument, at).map(Some),
            "Fn::Split" => self.split(argument, at).map(Some),
            "Fn::Select" => self.select(argument, at),
            "Fn::FindInMap" => self.find_in_map(argument, at),
            _ => Err(TemplateError::UnsupportedFunction {
                at: at.into(),
                function: function.into(),
            }),
        }
    }

    /// The value with every function in it evaluated.
    pub(super) fn evaluate(&self, value: &Value, at: &str) -> Result<Option<Value>, TemplateError> {
        Ok(match self.head(value, at)? {
            Some(Value::Array(items)) => {
                let mut list = Vec::with_capacity(items.len());
                for item in &items {
                    list.extend(self.evaluate(item, at)?);
                }
                Some(list.into())
            }
            Some(Value::Object(entries)) => {
                let mut map = Map::new();
                for (key, value) in entries {
                    if let Some(value) = self.evaluate(&value, at)? {
                        map.insert(key, value);
                    }
                }
                Some(map.into())
            }
            scalar => scalar,
        })
    }

    /// The evaluated value as text; `None` if it is a list, a map or nothing.
    pub(super) fn evaluated_text(&self, value: &Value, at: &str) -> Result<Option<String>, TemplateError> {
        Ok(self.head(value, at)?.as_ref().and_then(text))
    }
}

/// The items of a list; nothing if it is not one.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
